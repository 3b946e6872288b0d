import { expect, test } from './journey.ts';

test('a copied link leads somebody else to the same state, acts and selection', async ({
  app,
  page,
  context,
  stranger,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.openLab();
  await app.runTo(2);
  await app.select(/^B3, broker/);
  await app.press('k');
  await app.runTo(5);
  const hash = await app.stateHash();
  await app.button('Copy link').click();
  await expect(page.getByText('The link to this moment is copied.')).toBeVisible();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  expect(link.origin).toBe(new URL(page.url()).origin);

  await stranger.open(link.hash);
  await expect(stranger.tickets).toHaveAccessibleName(/^crash B3 at 2\.000 s/);
  expect(await stranger.stateHash()).toBe(hash);
  expect(await stranger.seconds()).toBe(5);
  await expect(stranger.inspector).toContainText('B3');
  await app.runTo(12);
  await stranger.runTo(12);
  expect(await stranger.stateHash()).toBe(await app.stateHash());
});

test('a reload comes back to the same scenario, moment, act and selection', async ({ app, page }) => {
  await app.openLab();
  await app.runTo(2);
  await app.select(/^B3, broker/);
  await app.press('k');
  await app.runTo(5);
  const hash = await app.stateHash();
  await page.reload();
  await expect(app.inspector).toContainText('B3');
  await expect(app.tickets).toHaveAccessibleName(/^crash B3 at 2\.000 s/);
  expect(await app.stateHash()).toBe(hash);
  expect(await app.seconds()).toBe(5);
});

test('a damaged link is one sentence, and the first scenario is there', async ({ app, page }) => {
  await app.open('#s=1.brokenlink');
  await expect(page.getByText(/^The link/)).toBeVisible();
  await expect(app.button('Let it run')).toBeVisible();
});
