import { expect, test } from './journey.ts';

test('a partition shows leader, epoch, in-sync replicas and how far each log reaches', async ({ app }) => {
  await app.openLab();
  await app.runTo(3);
  await app.select(/^Partition clicks-0,/);
  const replicas = app.inspector.getByRole('table', { name: 'Replicas of clicks-0' });
  await expect(replicas.getByRole('row')).toHaveCount(4);
  await expect(app.inspector).toContainText('high watermark');
  await expect(app.inspector).toContainText(/B\d, epoch \d/);
});

test('a value is changed, shown as changed, and what needs a restart says so', async ({ app, page }) => {
  await app.openLab();
  await app.runTo(1);
  await app.select(/^B1, broker/);
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.getByRole('button', { name: /^broker\.session\.timeout\.ms is 9,000 ms/ }).click();
  await page.getByLabel('New value of broker.session.timeout.ms').fill('4000');
  await page.keyboard.press('Enter');
  await app.idle();
  await expect(app.inspector).toContainText('4,000 ms at the next start.');
  await expect(app.tickets).toHaveCount(1);
});

test('a value that cannot be is refused in one sentence and nothing is lost', async ({ app, page }) => {
  await app.openLab();
  await app.runTo(1);
  await app.select(/^B1, broker/);
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.getByRole('button', { name: /^broker\.session\.timeout\.ms is/ }).click();
  await page.getByLabel('New value of broker.session.timeout.ms').fill('soon');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/broker\.session\.timeout\.ms must be a whole number/)).toBeVisible();
  await expect(app.tickets).toHaveCount(0);
});

test('keys of Kafka that are not modelled are listed as such', async ({ app, page }) => {
  await app.openLab();
  await app.runTo(1);
  await app.select(/^B1, broker/);
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.getByText('Kafka’s keys that are not modelled').click();
  const keys = page.getByRole('list', { name: 'Keys that are not modelled' });
  await expect(keys.getByText('log.local.retention.bytes', { exact: true })).toBeAttached();
  await expect(keys.getByText('broker.session.timeout.ms', { exact: true })).toHaveCount(0);
});

test('the evidence has lag in records and seconds, windows and late records, and events', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.runTo(5);
  await app.press('e');
  const evidence = page.getByRole('region', { name: 'Evidence in numbers' });
  await evidence.getByRole('tab', { name: 'Lag' }).click();
  await expect(evidence.getByRole('columnheader', { name: 'committed' }).first()).toBeVisible();
  await evidence.getByRole('tab', { name: 'Windows' }).click();
  await expect(evidence).toContainText(/\d+ open, \d+ in grace, \d+ closed/);
  await expect(evidence).toContainText(/late records? dropped/);
  await evidence.getByRole('tab', { name: 'Events' }).click();
  await evidence.getByRole('checkbox', { name: /the ordinary too/ }).check();
  await app.play();
  await expect(evidence.getByRole('listitem').first()).toBeVisible();
  await app.pause();
  await evidence.getByRole('tab', { name: 'Ledger' }).click();
  await expect(evidence.getByRole('row', { name: /^asked/ })).toBeVisible();
});

test('windows that close and records that come too late are told, and add up in the ledger', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.runTo(6);
  await expect(app.caption).toContainText(/windows? .*close/);
  await app.press('n');
  const narration = page.getByRole('region', { name: 'Narration' });
  await expect(narration).toContainText(/\d+ windows close in \d tasks, the newest/);
  expect(await narration.getByRole('listitem').count()).toBeLessThan(5); // sums, not hundreds of lines
  await app.press('n');

  await app.press('e');
  const evidence = page.getByRole('region', { name: 'Evidence in numbers' });
  await evidence.getByRole('tab', { name: 'Windows' }).click();
  await evidence.getByRole('spinbutton', { name: 'window' }).fill('10');
  await evidence.getByRole('spinbutton', { name: 'grace' }).fill('0');
  await evidence.getByRole('button', { name: 'Count again' }).click();
  await expect(evidence).toContainText('windows of 10 s, grace 0 s');
  await app.idle();
  await expect(app.caption).toContainText('too late for their windows and are dropped');
  await evidence.getByRole('tab', { name: 'Ledger' }).click();
  const terms = await evidence.getByLabel('What became of the records').locator('dd').allTextContents();
  const [asked, ...parts] = terms.map((term) => Number(term.replaceAll(',', '')));
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(asked);
  await expect(evidence).toContainText(/\d+ records never counted: they came too late/);
});
