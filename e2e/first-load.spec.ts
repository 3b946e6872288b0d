import { FIRST_LOAD_MAX, firstLoad, gzipped } from '../scripts/bench/first-load.ts';
import { expect, test } from './journey.ts';
import { bundledWith, runInNode } from './scenario-file.ts';

// The service worker fetches everything for later; here nothing may come that is not counted.
test.use({ serviceWorkers: 'block' });

const SCENARIO = bundledWith('clickstream', []);
const load = firstLoad();
const counted = [...load.page, ...load.worker];

test('the scripts of the first load stay within their budget', () => {
  expect(counted.length).toBeGreaterThan(1);
  expect(gzipped(counted)).toBeLessThanOrEqual(FIRST_LOAD_MAX);
  expect(gzipped([...load.narrowPage, ...load.worker])).toBeLessThanOrEqual(FIRST_LOAD_MAX);
});

test('with no script but those that the budget counts, the first screen is whole and its run runs', async ({
  app,
  page,
  complaints,
}) => {
  test.slow(); // bundles the engine for Node first
  const kept: string[] = [];
  await page.route('**/*.js', (route) => {
    const { pathname } = new URL(route.request().url());
    if (counted.some(({ name }) => pathname === `/${name}`)) return route.continue();
    kept.push(pathname);
    return route.abort();
  });
  await app.open();
  await expect(app.heading).toContainText('?');
  await expect(page.getByRole('link', { name: 'Open the lab' })).toBeVisible();
  await expect(page.getByText('Paused at 0.000 s')).toBeVisible();
  const marks = page.locator('[data-stage] [data-entity]');
  await expect.poll(() => marks.count()).toBeGreaterThan(10);

  await app.button('Let it run').click();
  await expect(page.getByText(/^At [2-9]\.\d{3} s$/)).toBeVisible();

  // The whole of it, and not another run than with everything there.
  await page.evaluate(() => window.millraceTest?.pause());
  await app.runTo(SCENARIO.lengthMs / 1_000);
  const { hash } = await runInNode(SCENARIO, 'first-load', SCENARIO.lengthMs);
  expect(await app.stateHash()).toBe(hash);

  // The laboratory that was kept away is said to be missing, and a way out is offered.
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  await expect(app.button('Load the page again')).toBeVisible();
  expect(kept).toEqual(expect.arrayContaining([expect.stringContaining('/assets/lab-')]));
  expect(complaints.splice(0).join(' ')).toContain('ERR_FAILED');
});
