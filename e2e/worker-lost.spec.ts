import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';

/** Ends the thread that simulates, as a browser short of memory does. */
async function killWorker(page: Page): Promise<void> {
  const [worker] = page.workers();
  expect(page.workers()).toHaveLength(1);
  await worker?.evaluate(() => setTimeout(() => self.close()));
}

test('when the simulation dies, the page says so at once and brings the run back to the same moment', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.runTo(2);
  await app.select(/^B3, broker/);
  await app.press('k');
  await app.runTo(5);
  const hash = await app.stateHash();

  await killWorker(page);
  // Noticed within about a second on an idle machine; the rest is room for a busy one.
  await expect(page.getByText(/The simulation (stopped answering|was lost)/)).toBeVisible({ timeout: 5_000 });
  await expect(page.getByText('The simulation was lost and is back at the same moment.')).toBeVisible();
  expect(await app.seconds()).toBe(5);
  expect(await app.stateHash()).toBe(hash);
  await expect(app.tickets).toHaveAccessibleName(/^crash B3 at 2\.000 s/);
  await expect(app.inspector).toContainText('B3');

  // And it goes on as it would have.
  await app.runTo(7);
  const later = await app.stateHash();
  await app.runTo(5);
  expect(await app.stateHash()).toBe(hash);
  await app.runTo(7);
  expect(await app.stateHash()).toBe(later);
});

test('a simulation that dies while it plays comes back paused at the moment that was shown', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.play();
  await expect.poll(() => app.seconds()).toBeGreaterThan(0.5);
  await killWorker(page);
  await expect(page.getByText('The simulation was lost and is back at the same moment.')).toBeVisible();
  await expect(app.timeline.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  expect(await app.seconds()).toBeGreaterThan(0.5);
  await app.play();
  await expect.poll(() => app.seconds()).toBeGreaterThan(3);
});
