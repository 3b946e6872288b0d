import { readFileSync } from 'node:fs';
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
  await app.timeline.getByRole('button', { name: /more tracks/ }).click();
  await expect(app.timeline.getByText(/^open \d/)).toBeVisible();

  // Its tasks wait for the group; then the other reads back what their changelogs hold of what was committed.
  await app.press('b');
  const tasks = page.getByRole('table', { name: 'Tasks of ledger' });
  await expect(tasks.getByRole('row', { name: /^0_0 nobody unassigned/ })).toBeVisible();
  await expect(tasks.getByRole('row', { name: /^0_1 V2 running/ })).toBeVisible();
  for (let at = 16.5; at <= 26 && !(await tasks.innerText()).includes('restoring'); at += 0.5)
    await app.runTo(at);
  await expect(tasks.getByRole('row', { name: /^0_0 V2 restoring, \d+ to restore/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await app.runTo(21);
  await expect(app.timeline.getByText('aborted by its coordinator').first()).toBeVisible();

  // The other sleeps in a transaction of its own, and is fenced when it wakes up: its tasks are not its own any more.
  await app.runTo(46);
  await app.press('b');
  await expect(tasks.getByRole('row', { name: /^0_0 V1 running/ })).toBeVisible();
  await expect(tasks.getByRole('row', { name: /^0_1 (?!V2 running)/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await app.runTo(58);
  expect(await app.ledger('asked')).toBe(1_498);
  expect(await app.ledger('acknowledged')).toBe(1_498);
  expect(await app.ledger('waiting')).toBe(0);
  expect(await app.ledger('lost')).toBe(0);
  await app.select(/statements/);
  await expect(app.inspector).toContainText('not read yet0');
  expect(await violationsOf(page)).toEqual([]);

  // A balance was asked for three times: while its owner lived, while the group waited for the dead one, and after all that.
  await page.getByRole('button', { name: 'Evidence', exact: true }).click();
  await page.getByRole('tab', { name: 'Queries' }).click();
  const answers = page.getByRole('list', { name: 'Answers, newest first' }).getByRole('listitem');
  await expect(answers).toHaveCount(3);
  await expect(answers.nth(2)).toContainText('200');
  await expect(answers.nth(1)).toContainText('no answer');
  await expect(answers.nth(1)).toContainText('Moved to ledger-1');
  await expect(answers.nth(0)).toContainText('200');

  // What it is in the end, and all balances together: told by the tape alone, no money is made or lost.
  const balances = balancesOfTape();
  const form = page.getByRole('form', { name: 'Query a store' });
  await form.getByLabel('store').selectOption('balances');
  await form.getByRole('textbox', { name: 'key' }).fill('EUR-1');
  await form.getByRole('button', { name: 'Send' }).click();
  await app.runTo(58.5);
  await expect(answers).toHaveCount(4);
  await expect(
    answers.nth(0).getByRole('row', { name: `EUR-1 ${grouped(balances.get('EUR-1') ?? 0)} 0` }),
  ).toBeVisible();
});

/** What has to become of the transfers: each id once, and none that its account cannot pay. Other code than the engine's. */
function balancesOfTape(): ReadonlyMap<string, number> {
  const [head = '', ...lines] = readFileSync('public/tapes/transfers.csv', 'utf8').trim().split('\n');
  const columns = head.trim().split(',');
  const seen = new Set<string>();
  const balances = new Map<string, number>();
  for (const line of lines) {
    const row = line.trim().split(',');
    const [id = '', from = '', to = '', amount = ''] = ['id', 'from', 'to', 'amount'].map(
      (name) => row[columns.indexOf(name)],
    );
    if (seen.has(id)) continue;
    seen.add(id);
    if (from !== 'bank' && (balances.get(from) ?? 0) < Number(amount)) continue;
    balances.set(from, (balances.get(from) ?? 0) - Number(amount));
    balances.set(to, (balances.get(to) ?? 0) + Number(amount));
  }
  return balances;
}

const grouped = (value: number): string =>
  String(value)
    .replace('-', '−')
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');

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
