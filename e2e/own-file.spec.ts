import type { AppDriver } from './app-driver.ts';
import { expect, test } from './journey.ts';

interface OwnFile {
  readonly name: string;
  readonly lines: readonly string[];
}

const MINUTES = Array.from({ length: 40 }, (_, i) => String(i).padStart(2, '0'));
const who = (i: number): string => ['ann', 'ben', 'cem'][i % 3] ?? '';

const LOG: OwnFile = {
  name: 'access.log',
  lines: [
    ...MINUTES.map(
      (m, i) =>
        `10.0.0.${i % 5} - - [17/May/2015:10:${m}:03 +0000] "GET /page/${i % 4} HTTP/1.1" 200 ${100 + i} "-" "curl/8"`,
    ),
    'this line was cut off',
    'and so was this one',
  ],
};
const CSV: OwnFile = {
  name: 'visits.csv',
  lines: ['when,who,page', ...MINUTES.map((m, i) => `2024-01-05T10:${m}:00Z,${who(i)},/p${i % 4}`)],
};
const JSONL: OwnFile = {
  name: 'orders.jsonl',
  lines: MINUTES.map((m, i) =>
    JSON.stringify({ at: `2024-01-05T10:${m}:00Z`, customer: who(i), item: i % 4 }),
  ),
};

async function openDialog(app: AppDriver): Promise<void> {
  await app.button('Menu').click();
  await app.page.getByRole('menuitem', { name: 'Play a file of your own' }).click();
  await expect(app.page.getByRole('dialog', { name: 'Play a file of your own' })).toBeVisible();
}

const choose = ({ page }: AppDriver, { name, lines }: OwnFile): Promise<void> =>
  page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(lines.join('\n') + '\n') });

/** Lets go of a file over the place for files, as a mouse does. */
async function drop({ page }: AppDriver, { name, lines }: OwnFile): Promise<void> {
  const text = lines.join('\n') + '\n';
  const dataTransfer = await page.evaluateHandle(
    ([file = '', content = '']) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], file));
      return transfer;
    },
    [name, text],
  );
  await page.getByText('It stays in this browser').dispatchEvent('drop', { dataTransfer });
}

/** Puts it on the stage, and lets it run until all of it was written and counted. */
async function playThrough(app: AppDriver, { name }: OwnFile, records: number): Promise<void> {
  await app.button('Put it on stage').click();
  await expect(app.heading).toContainText(name);
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
  await app.runTo(4);
  expect(await app.ledger('asked')).toBe(records);
  expect(await app.ledger('acknowledged')).toBe(records);
  expect(await app.ledger('waiting')).toBe(0);
}

const rowsOf = ({ page }: AppDriver, { name }: OwnFile) =>
  page.getByRole('region', { name: `First rows of ${name}` }).getByRole('row');

test('an access log is previewed, its bad lines are counted, and what is left of it runs', async ({
  app,
  page,
}) => {
  await app.openLab();
  await openDialog(app);
  await choose(app, LOG);
  await expect(page.getByText(/access\.log: 40 rows, \d+ columns\./)).toBeVisible();
  await expect(page.getByText('2 lines could not be used and will be left out.')).toBeVisible();
  await page.getByText('2 lines could not be used').click();
  await expect(page.getByText(/^Line 41 /)).toBeVisible();
  await expect(rowsOf(app, LOG)).toHaveCount(9);
  await playThrough(app, LOG, 40);
});

test('a CSV file runs with the key and the time that a person chooses, also after a reload', async ({
  app,
  page,
}) => {
  await app.openLab();
  await openDialog(app);
  await choose(app, CSV);
  await expect(page.getByText('visits.csv: 40 rows, 3 columns.')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Event time' })).toHaveValue('when');
  await page.getByRole('combobox', { name: 'Key', exact: true }).selectOption('page');
  await page.getByRole('combobox', { name: 'Count by' }).selectOption('who');
  await expect(page.getByRole('columnheader', { name: /^page\s*key$/ })).toBeVisible();
  await playThrough(app, CSV, 40);
  const hash = await app.stateHash();
  await page.reload();
  await expect(app.heading).toContainText('visits.csv');
  await expect(app.timeline).toBeVisible();
  expect(await app.stateHash()).toBe(hash);
});

test('JSON lines can be dropped', async ({ app, page }) => {
  await app.openLab();
  await openDialog(app);
  await drop(app, JSONL);
  await expect(page.getByText('orders.jsonl: 40 rows, 3 columns.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Key', exact: true }).selectOption('customer');
  await playThrough(app, JSONL, 40);
});

test('a file that makes no sense costs one sentence, and what ran before is untouched', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.runTo(2);
  await app.select(/^B2, broker/);
  await app.press('k');
  await app.runTo(3);
  const hash = await app.stateHash();
  await openDialog(app);
  for (const [lines, sentence] of [
    [[], 'The file is empty.'],
    [['the,quick', 'brown,fox', 'jumps,over'], /^[A-Z][^.]*\.?.*\.$/],
    [['\u0000\u0001\u0002\u0003', '\u0004\u0005'], /^[A-Z].*\.$/],
  ] as const) {
    await choose(app, { name: 'nonsense.csv', lines });
    await expect(page.getByRole('alert')).toHaveText(sentence);
    await expect(app.button('Put it on stage')).toHaveCount(0);
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(app.heading).toContainText('Clickstream');
  await expect(app.tickets).toHaveAccessibleName(/^crash B2/);
  expect(await app.stateHash()).toBe(hash);
});

test('records without what they are counted by are dropped and said to be, not waited for', async ({
  app,
  page,
}) => {
  const lines = MINUTES.map((m, i) =>
    JSON.stringify({
      at: `2024-01-05T10:${m}:00Z`,
      customer: who(i),
      ...(i % 4 === 0 ? {} : { item: i % 4 }),
    }),
  );
  const file: OwnFile = { name: 'gaps.jsonl', lines };
  await app.openLab();
  await openDialog(app);
  await choose(app, file);
  await page.getByRole('combobox', { name: 'Count by' }).selectOption('item');
  await playThrough(app, file, lines.length);
  await app.press('g');
  await expect(page.getByRole('row', { name: /^no key, dropped 10/ })).toBeVisible();
});

test('a link to a run with a file asks for that file, and goes on with it', async ({
  app,
  page,
  stranger,
}) => {
  await app.openLab();
  await openDialog(app);
  await choose(app, CSV);
  await playThrough(app, CSV, 40);
  await app.select(/^B2, broker/);
  await app.press('k');
  await app.runTo(5);
  const hash = await app.stateHash();
  await expect(page).toHaveURL(/#s=/);
  await expect
    .poll(() => page.evaluate(() => sessionStorage.getItem('millrace.bookmark')))
    .toMatch(/"crash".*"at":5000000,/);

  await stranger.open(new URL(page.url()).hash);
  const open = stranger.button('Open visits.csv …');
  const give = async (lines: readonly string[]) => {
    const choosing = stranger.page.waitForEvent('filechooser');
    await open.click();
    const buffer = Buffer.from(lines.join('\n'));
    await (await choosing).setFiles({ name: CSV.name, mimeType: 'text/csv', buffer });
  };
  await give(CSV.lines.slice(1));
  await expect(stranger.page.getByRole('alert')).toHaveText(/^This visits\.csv has other rows/);
  await give(CSV.lines);
  await expect(stranger.tickets).toHaveAccessibleName(/^crash B2/);
  await expect(open).toHaveCount(0);
  expect(await stranger.stateHash()).toBe(hash);
  expect(await stranger.seconds()).toBe(5);
});
