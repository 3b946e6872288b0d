import { expect, test } from '@playwright/test';
import { AppDriver } from './app-driver.ts';

const FILE =
  'when,who,page\n2024-01-05T10:00:00Z,ann,/a\n2024-01-05T10:00:01Z,ben,/b\n2024-01-05T10:00:02Z,ann,/a\n';

test('a reload comes back to the same scenario, moment, act and selection', async ({ page }) => {
  const app = new AppDriver(page);
  await app.openLab();
  await app.runTo(2);
  await app.select(/^B3, broker/);
  await app.press('k');
  await app.runTo(5);
  const hash = await app.stateHash();
  await page.reload();
  await expect(app.inspector).toContainText('B3', { timeout: 20_000 });
  expect(await app.stateHash()).toBe(hash);
  await expect(app.tickets).toHaveCount(1);
});

test('a copied link leads somebody else to the same state', async ({ page, browser }) => {
  const app = new AppDriver(page);
  await app.openLab();
  await app.runTo(4);
  const hash = await app.stateHash();
  await app.button('Copy link').click();
  await expect(page.getByText(/link to this moment/)).toBeVisible();
  const other = new AppDriver(await (await browser.newContext()).newPage());
  await other.open(new URL(page.url()).hash);
  await expect(other.timeline).toBeVisible({ timeout: 20_000 });
  expect(await other.stateHash()).toBe(hash);
});

test('a damaged link is one sentence, and the first scenario is there', async ({ page }) => {
  const app = new AppDriver(page);
  await app.open('#s=1.brokenlink');
  await expect(page.getByText(/^The link/)).toBeVisible();
  await expect(app.button('Let it run')).toBeVisible();
});

test('a file of one’s own is previewed, played, and still there after a reload', async ({ page }) => {
  const app = new AppDriver(page);
  await app.openLab();
  await app.button('Menu').click();
  await page.getByRole('menuitem', { name: /file of your own/ }).click();
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name: 'visits.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
  await expect(page.getByText('3 rows, 3 columns.')).toBeVisible();
  await app.button('Put it on stage').click();
  await expect(app.heading).toContainText('visits.csv');
  await app.runTo(3);
  await page.reload();
  await expect(app.heading).toContainText('visits.csv', { timeout: 20_000 });
});

test('a file that cannot be read is one sentence', async ({ page }) => {
  const app = new AppDriver(page);
  await app.openLab();
  await app.button('Menu').click();
  await page.getByRole('menuitem', { name: /file of your own/ }).click();
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
  await expect(page.getByRole('alert')).toContainText('The file is empty.');
});
