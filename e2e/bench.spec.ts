import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';
import { badTargetsOf, overflowOf, violationsOf } from './page-checks.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;

/** Nothing wrong that a machine can find, in three sizes, light and dark. */
async function fits(page: Page, screen: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const where = `${screen} at ${size.width}`;
    expect(await overflowOf(page), where).toBeLessThanOrEqual(0);
    expect(await badTargetsOf(page), where).toEqual([]);
  }
  expect(await violationsOf(page), screen).toEqual([]);
  await page.setViewportSize(SIZES[0]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violationsOf(page), `${screen}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

test('the topology of an application is seen as Kafka built it, with its tasks, by keyboard alone', async ({
  app,
  page,
}) => {
  test.slow(); // the page is looked at by a machine eight times
  await app.openLab();
  await app.runTo(5);
  await app.press('b');
  const bench = page.getByRole('region', { name: 'Bench' });
  await expect(bench.getByRole('heading', { name: 'Bench' })).toBeFocused();
  const picture = bench.getByRole('group', { name: /^Topology of views: 2 sub-topologies, 8 nodes/ });
  await expect(picture).toContainText('6 tasks');
  await expect(
    picture.getByRole('img', { name: /^store counts, .*changelog views-counts-changelog/ }),
  ).toBeVisible();
  await expect(
    picture.getByRole('img', { name: 'repartition topic views-counts-repartition, written' }),
  ).toBeVisible();

  // From node to node, and what each is.
  const source = picture.getByRole('button', { name: /^KSTREAM-SOURCE-0000000000, source, reads clicks/ });
  await source.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await expect(picture.getByRole('button', { name: /^KSTREAM-AGGREGATE-/ })).toBeFocused();
  await expect(bench.getByText('windows of 60.0 s counts, string to long')).toBeVisible();
  const tasks = bench.getByRole('table', { name: 'Tasks of views' });
  await expect(tasks.getByRole('row')).toHaveCount(13);
  await expect(tasks.getByRole('row', { name: /^1_0 V[12] running/ })).toBeVisible();
  await fits(page, 'the topology');

  await bench.getByRole('radio', { name: 'Words' }).click();
  await expect(bench.getByText('sink, writes to views-per-minute')).toBeVisible();
  await bench.getByRole('radio', { name: 'describe()' }).click();
  await expect(bench.getByLabel('Topology.describe()')).toContainText('Sub-topology: 1');
  await page.keyboard.press('Escape');
  await expect(bench).toHaveCount(0);
  await expect(page.locator('[data-stage]')).toBeVisible();
});

test('records go through an example one by one: a window opens, one comes late, and is taken back', async ({
  app,
  page,
}) => {
  test.slow();
  await app.openLab();
  await app.press('b');
  const bench = page.getByRole('region', { name: 'Bench' });
  await bench.getByLabel('Topology on the bench').selectOption('example:tumbling-grace');
  await bench.getByRole('tab', { name: 'Test driver' }).click();
  const form = bench.getByRole('form', { name: 'Pipe a record' });
  const steps = bench.getByRole('list', { name: 'Steps, newest last' }).getByRole('button');
  const pipe = async (many: number): Promise<void> => {
    await form.getByRole('button', { name: 'Pipe it in' }).focus();
    await page.keyboard.press('Enter');
    await expect(steps).toHaveCount(many);
  };

  // The form has the example's next record; what comes out and the way are seen.
  await expect(form.getByLabel('key', { exact: true })).toHaveValue('home');
  await pipe(1);
  const out = bench.getByRole('table', { name: 'Records that came out of step 1' });
  await expect(out.getByRole('row', { name: /clicks-per-10s home @ 0 to 10,000 1 2,000/ })).toBeVisible();
  await expect(bench.getByRole('button', { name: /^KSTREAM-AGGREGATE-.*, 1 in$/ })).toBeVisible();
  await expect(bench.getByRole('img', { name: /^store counts, .*1 entry/ })).toBeVisible();
  for (let i = 2; i <= 6; i++) await pipe(i);
  await expect(
    bench.getByText(/1 record dropped at KSTREAM-AGGREGATE-\d+: its window has closed/),
  ).toBeVisible();
  await expect(bench.getByText('1 dropped', { exact: true })).toBeVisible();
  await fits(page, 'the test driver');

  // An earlier step can be looked at again; the last one taken back was never done.
  await steps.nth(1).click();
  await expect(bench.getByRole('heading', { name: 'Step 2' })).toBeVisible();
  await bench.getByRole('button', { name: 'Take the last back' }).click();
  await expect(steps).toHaveCount(5);
  await expect(bench.getByText('0 dropped', { exact: true })).toBeVisible();

  // A record of one's own, one that cannot be read, and the wall clock.
  await form.getByLabel('value', { exact: true }).fill('many');
  await form.getByRole('button', { name: 'Pipe it in' }).click();
  await expect(form.getByRole('alert')).toContainText('The value must be a whole number');
  await form.getByLabel('value', { exact: true }).fill('7');
  await form.getByLabel('key', { exact: true }).fill('mine');
  await form.getByLabel('timestamp, ms').fill('40000');
  await pipe(6);
  await expect(bench.getByText('stream time 40,000')).toBeVisible();
  await form.getByRole('button', { name: 'Advance' }).click();
  await expect(bench.getByText('wall clock 1,000 ms', { exact: true })).toBeVisible();

  // The whole session as text, and opened again from it.
  await bench.getByText('Share the session as text').click();
  const text = bench.getByLabel('Session as text');
  await expect(text).toHaveValue(/"advanceWallClock":1000/);
  await text.fill((await text.inputValue()).replace('"size":10000', '"size":20000'));
  await bench.getByRole('button', { name: 'Open this text' }).click();
  await expect(bench.getByLabel('Topology on the bench')).toHaveValue('session');
  await expect(steps).toHaveCount(7);
  await steps.first().click();
  await expect(
    bench.getByRole('row', { name: /clicks-per-10s home @ 0 to 20,000 1 2,000/ }).first(),
  ).toBeVisible();
});

test('a topology is changed as text: what is wrong is said with its place, the scenario runs with it, and is taken back', async ({
  app,
  page,
}) => {
  test.slow();
  await app.openLab();
  await app.runTo(5);
  const before = await app.stateHash();
  await app.press('b');
  const bench = page.getByRole('region', { name: 'Bench' });
  await bench.getByRole('tab', { name: 'As text' }).click();
  const editor = bench.getByLabel('Topology as JSON');
  const write = async (text: string): Promise<void> => {
    await editor.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
  };
  const nodes = (size: string, after: string) =>
    [
      '{"id":"clicks","op":"stream","topic":"clicks","key":"string","value":"json"}',
      '{"id":"by-path","op":"groupBy","of":"clicks","keyFn":"field:path"}',
      `{"id":"tens","op":"windowedBy","of":"by-path","window":{"type":"tumbling","size":${size},"grace":3600000}}`,
      `{"id":"counts","op":"count","of":"${after}","as":"counts"}`,
      '{"id":"changes","op":"toStream","of":"counts"}',
      '{"id":"out","op":"to","of":"changes","topic":"views-per-minute"}',
    ].join(',\n');

  await write(`[${nodes('"ten"', 'tens')}]`);
  await expect(
    bench.getByText(/^Line 3, column \d+: topology\[2\]\.window\.size must be a whole number/),
  ).toBeVisible();
  await write(`[${nodes('10000', 'nobody')}]`);
  await expect(
    bench.getByText(/^Line 4, column 1: topology\[3\] cannot be built: no node with id "nobody"/),
  ).toBeVisible();
  await expect(bench.getByRole('button', { name: 'Run the scenario with it' })).toBeDisabled();
  await fits(page, 'the text');
  await write(`[${nodes('10000', 'tens')}]`);
  await expect(bench.getByText('It can be built.')).toBeVisible();
  await bench.getByRole('button', { name: 'Run the scenario with it' }).click();
  await expect(page.getByText('The scenario begins anew, with the changed topology of views.')).toBeVisible();
  await app.runTo(5);
  await bench.getByRole('tab', { name: 'Topology' }).click();
  await expect(bench.getByRole('img', { name: /^store counts, windows of 10\.0 s/ })).toBeVisible();
  await expect(bench.getByRole('table', { name: 'Tasks of views' }).getByRole('row')).toHaveCount(13);
  expect(await app.ledger('lost')).toBe(0);
  expect(await app.stateHash()).not.toBe(before);

  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(bench.getByRole('img', { name: /^store counts, windows of 60\.0 s/ })).toBeVisible();
  expect(await app.stateHash()).toBe(before);
});
