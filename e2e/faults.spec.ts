import { expect, test } from './journey.ts';

test('a broker is crashed by key, its partitions get other leaders, and undo takes it back exactly', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.runTo(3);
  const before = await app.stateHash();
  await app.select(/^B2, broker/);
  await app.press('k');
  await expect(app.inspector).toContainText('DOWN');
  await expect(app.tickets).toHaveAccessibleName(/crash B2/);
  await app.runTo(14);
  await expect(app.inspector).toContainText('FENCED');
  await page.getByRole('button', { name: 'Narration' }).click();
  await expect(page.getByRole('region', { name: 'Narration' })).toContainText('B2');
  await app.press('Control+z');
  await app.runTo(3);
  expect(await app.stateHash()).toBe(before);
  await expect(app.tickets).toHaveCount(0);
});

test('everything that can be done to a machine stands in its menu', async ({ app }) => {
  await app.openLab();
  await app.runTo(2);
  await app.select(/^B1, broker/);
  await app.act('Pause');
  await expect(app.inspector).toContainText('PAUSED');
  await app.act('Resume');
  await expect(app.inspector).not.toContainText('PAUSED');
  await app.act('Shut down');
  await expect(app.inspector).toContainText('STOPPING');
  await app.runTo(9);
  await expect(app.inspector).toContainText('DOWN');
  await app.act('Start again');
  await expect(app.tickets).toHaveCount(4);
});

test('links are cut, slowed and healed', async ({ app }) => {
  await app.openLab();
  await app.runTo(1);
  await app.select(/^B1, broker/);
  await app.act('Cut a link', 'B3');
  await expect(app.caption).toContainText('The link between B1 and B3 is cut.');
  await app.act('Slow a link', 'B2', '100 ms');
  await expect(app.caption).toContainText('by 100 ms');
  await app.act('Heal a link', 'B3');
  await expect(app.caption).toContainText('The link between B1 and B3 is healed.');
});

test('a ticket is moved, switched off and deleted by keyboard', async ({ app, page }) => {
  await app.openLab();
  await app.runTo(2);
  await app.select(/^P1|^Producer P1/);
  await app.press('p');
  const ticket = app.tickets.first();
  await expect(ticket).toHaveAccessibleName(/pause P1 at 2\.000 s/);
  await ticket.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(ticket).toHaveAccessibleName(/pause P1 at 2\.100 s/);
  await expect.poll(() => app.stateHash()).toBeTruthy();
  await app.tickets.first().focus();
  await page.keyboard.press(' ');
  await expect(ticket).toHaveAccessibleName(/switched off/);
  await app.tickets.first().focus();
  await page.keyboard.press('Delete');
  await expect(app.tickets).toHaveCount(0);
  await app.press('Control+z');
  await expect(app.tickets).toHaveCount(1);
});
