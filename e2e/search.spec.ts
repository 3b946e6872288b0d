import { expect, test } from './journey.ts';
import { overflowOf, violationsOf } from './page-checks.ts';

test('a run that loses acknowledged records is searched, found, shrunk, opened at its moment and linked to; a search is stopped', async ({
  app,
  page,
}) => {
  test.slow(); // runs of a whole cluster, one after the other
  await app.openLab();
  await app.button('Menu').click();
  await page.getByRole('menuitem', { name: 'A lost acknowledgement', exact: true }).click();
  await expect(app.heading).toContainText('A lost acknowledgement');
  await app.button('Evidence').click();
  await page.getByRole('tab', { name: 'Search' }).click();

  const form = page.getByRole('form', { name: 'Search for harm' });
  await form.getByLabel('runs').fill('no');
  await form.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('alert')).toContainText('from 1 to 100,000 runs, not “no”');

  await form.getByLabel('runs').fill('50');
  await form.getByLabel('find a run in which').selectOption('lost');
  await form.getByRole('button', { name: 'Search' }).click();
  const found = page.getByRole('region', { name: 'What was found' });
  await expect(found).toContainText('So an acknowledged record is lost.', { timeout: 60_000 });
  await expect(found.getByRole('button', { name: 'Open the shrunk run' })).toBeVisible({ timeout: 60_000 });
  await expect(found).toContainText(/Shrunk from \d+ acts? by \d+ runs?/);
  expect(await violationsOf(page)).toEqual([]);

  // The stage shows what the search has said, at that moment.
  await found.getByRole('button', { name: 'Open the shrunk run' }).click();
  const back = found.getByRole('button', { name: 'Back to where the search began' });
  await expect(back).toBeVisible();
  await app.idle();
  expect(await app.ledger('lost')).toBeGreaterThan(0);
  const lost = await app.ledger('lost');
  await expect(found).toContainText(lost === 1 ? 'One record' : `${lost} records`);
  await back.click();
  await expect(back).toBeHidden();
  await app.idle();
  expect(await app.ledger('lost')).toBe(0);

  // Every seed judged, and stopped in the middle: what is known stays.
  await form.getByLabel('end with the first').uncheck();
  await form.getByRole('button', { name: 'Search' }).click();
  const runs = page.getByRole('group', { name: 'Runs' }).getByRole('button');
  await expect.poll(() => runs.count(), { timeout: 60_000 }).toBeGreaterThan(1);
  await form.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Stopped.' })).toBeVisible();
  const known = await runs.count();
  expect(known).toBeLessThan(50);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflowOf(page)).toBe(0);
  await page.getByRole('tab', { name: 'Evidence' }).click();
  const sheet = page.getByRole('tabpanel', { name: 'Evidence' });
  expect(await sheet.evaluate((panel) => panel.scrollWidth - panel.clientWidth)).toBe(0);
});
