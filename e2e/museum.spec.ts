import { expect, test } from './journey.ts';

test('an exhibit of the museum goes wrong as it did, and the same acts today do no harm', async ({
  app,
  page,
}) => {
  await app.openLab();
  const open = async (door: string) => {
    await app.button('Menu').click();
    await page.getByRole('menuitem', { name: /^Museum/ }).click();
    await expect(page.getByRole('dialog', { name: 'Museum of Kafka’s flaws' })).toBeVisible();
    await page.getByRole('button', { name: door }).click();
  };
  await open('Unclean election, as it was');
  await expect(app.heading).toContainText('Unclean election');
  await app.runTo(50);
  expect(await app.ledger('lost')).toBeGreaterThan(1_000);

  await open('Unclean election, as today');
  await expect(app.heading).toContainText('Unclean election, today');
  await app.runTo(50);
  expect(await app.ledger('lost')).toBe(0);

  await app.button('Menu').click();
  await page.getByRole('menuitem', { name: 'Start over' }).click();
  await expect.poll(() => app.seconds()).toBe(0);
  await expect(app.tickets).toHaveCount(6);
});
