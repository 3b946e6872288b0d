import type { Page } from '@playwright/test';
import type { AppDriver } from './app-driver.ts';
import { expect, test } from './journey.ts';
import { badTargetsOf, overflowOf, violationsOf } from './page-checks.ts';

/** Opens Kafka's tools on something by keyboard alone and picks one. */
async function useTool(app: AppDriver, name: RegExp, tool: string): Promise<void> {
  const { page } = app;
  await app.select(name);
  await page.keyboard.press('t');
  await expect(page.getByRole('menu', { name: 'Kafka’s tools' })).toBeVisible();
  const item = page.getByRole('menuitem', { name: tool, exact: true });
  await item.focus();
  await page.keyboard.press('Enter');
}

/** Fills fields of the open form, in order, and does it. */
async function fillIn(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(values)) {
    const field = dialog.getByLabel(label, { exact: true });
    await field.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(value);
  }
  await dialog.locator('[type=submit]').focus();
  await page.keyboard.press('Enter');
}

test('an administrator makes a topic, moves a partition, elects its preferred leader and ends what hangs, by keyboard', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.button('Menu').click();
  await page.getByRole('menuitem', { name: /^Museum/ }).click();
  await page.getByRole('button', { name: 'A hanging transaction, as it was' }).click();
  await expect(app.heading).toContainText('hanging transaction');
  await app.runTo(30);
  const said = app.inspector.getByRole('region', { name: 'What Kafka’s tools said' });
  const answer = async (seconds: number, words: RegExp): Promise<void> => {
    await app.runTo(seconds);
    await app.inspector.getByRole('tab', { name: 'Events' }).click();
    await expect(said.getByRole('listitem').first()).toContainText(words);
  };

  // A form says in place what is wrong, and keeps what was typed.
  await useTool(app, /^B1, broker/, 'Create a topic …');
  await fillIn(page, { Name: 'orders', Partitions: '0' });
  await expect(page.getByRole('alert')).toHaveText(
    'Partitions must be a whole number from 1 to 1,000, not 0.',
  );
  expect(await violationsOf(page)).toEqual([]);
  await fillIn(page, { Partitions: '2' });
  await expect(page.getByRole('dialog')).toBeHidden();
  await answer(31, /Created topic orders\./);
  await expect(app.tickets.last()).toContainText('create topic orders');

  // Undone, the topic was never made; and done again it is there.
  const partition = page.getByRole('treeitem', { name: /^Partition orders-1,/ });
  await app.press('ControlOrMeta+z');
  await expect(app.tickets).toHaveCount(3);
  await app.press('ControlOrMeta+Shift+z');
  await expect(app.tickets).toHaveCount(4);
  await app.runTo(31);
  await expect(partition).toBeAttached();

  await useTool(app, /^Partition clicks-0,/, 'Reassign replicas …');
  await fillIn(page, {});
  await answer(33, /Started the reassignment of clicks-0 to brokers/);
  await useTool(app, /^Partition clicks-0,/, 'Elect a leader …');
  await fillIn(page, {});
  await answer(35, /gave clicks-0 a leader/);

  await useTool(app, /^Topic clicks,/, 'Find hanging transactions …');
  await fillIn(page, {});
  await answer(36, /A transaction hangs in clicks-0 since \d+\./);
  await useTool(app, /^Partition clicks-0,/, 'Abort a transaction …');
  await fillIn(page, {});
  await answer(38, /Aborted the transaction that began at offset \d+ of clicks-0\./);
  await useTool(app, /^Topic clicks,/, 'Find hanging transactions …');
  await fillIn(page, {});
  await answer(39, /No transaction hangs in clicks\./);
  await useTool(app, /^Topic clicks,/, 'Describe the topic');
  await answer(40, /Partitions of topic clicks: 1\./);
  await expect(said.getByRole('table').first().getByRole('row')).toHaveCount(2);
  expect(await violationsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  expect(await badTargetsOf(page)).toEqual([]);
});
