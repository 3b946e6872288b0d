import type { AppDriver } from './app-driver.ts';
import { expect, test } from './journey.ts';
import { overflowOf, violationsOf } from './page-checks.ts';

/** Opens a scenario from the menu. */
async function pick(app: AppDriver, name: string): Promise<void> {
  await app.openLab();
  await app.button('Menu').click();
  await app.page.getByRole('menuitem', { name, exact: true }).click();
  await expect(app.heading).toContainText(name);
}

test('ledger: an instance dies in its transaction, that is aborted, another restores its tasks, and nothing is missing', async ({
  app,
  page,
}) => {
  test.slow(); // a minute of transactions
  await pick(app, 'Ledger');
  await expect(app.tickets.filter({ hasText: 'crash V1 at before-end-txn' })).toBeVisible();
  await app.runTo(16);
  await expect(app.timeline.getByText('V1 DOWN')).toBeVisible();
  await expect(app.timeline.getByText(/^open \d/)).toBeVisible();
  await app.runTo(21);
  await expect(app.timeline.getByText('aborted by its coordinator').first()).toBeVisible();

  // The other sleeps in a transaction of its own, and is fenced when it wakes up.
  await app.runTo(58);
  expect(await app.ledger('asked')).toBe(1_498);
  expect(await app.ledger('acknowledged')).toBe(1_498);
  expect(await app.ledger('waiting')).toBe(0);
  expect(await app.ledger('lost')).toBe(0);
  await app.select(/statements/);
  await expect(app.inspector).toContainText('not read yet0');
  expect(await violationsOf(page)).toEqual([]);
});

test('machines: the pager rings twice for one alert, and only where no key tells it so', async ({
  app,
  page,
}) => {
  await pick(app, 'Hot for five minutes');
  await app.runTo(26);
  await app.select(/hasty/);
  await expect(app.inspector).toContainText('done twice1 record');
  await expect(
    app.inspector.getByRole('table', { name: /^What pager-of-hasty has done/ }).getByRole('row'),
  ).not.toHaveCount(1);
  expect(await violationsOf(page)).toEqual([]);
  await app.select(/careful/);
  await expect(app.inspector).toContainText('not done again1');
  await expect(app.inspector).toContainText('done twicenone');
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
});

test('clicks: views by minute and visits by user come from the same clicks', async ({ app }) => {
  await pick(app, 'Views and visits');
  await app.runTo(6);
  expect(await app.ledger('asked')).toBeGreaterThan(1_400);
  expect(await app.ledger('lost')).toBe(0);
  await app.select(/application visits/i);
  await expect(app.inspector).toContainText('processed');
});
