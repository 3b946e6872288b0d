import { expect, test } from './journey.ts';
import { overflowOf, violationsOf } from './page-checks.ts';
import { bundledWith, fragmentOf } from './scenario-file.ts';

const CLICKS = bundledWith('counted-once', [
  { atMs: 12_000, type: 'crash', node: 'views-1' },
  { atMs: 13_000, type: 'start', node: 'views-1' },
]);
/** Each task has a copy on the other instance; a dead member is given up after six seconds. */
const SCENARIO = {
  ...CLICKS,
  applications: CLICKS.applications.map((application) => ({
    ...application,
    config: { ...application.config, 'num.standby.replicas': '1' },
  })),
};

test('a count is asked for while tasks move: no instance can say, a copy can, and then its owner does, by keyboard', async ({
  app,
  page,
}) => {
  await app.open(await fragmentOf(SCENARIO, 0));
  await app.runTo(11);
  await page.getByRole('button', { name: 'Evidence', exact: true }).click();
  await page.getByRole('tab', { name: 'Queries' }).click();
  const form = page.getByRole('form', { name: 'Query a store' });
  const newest = page.getByRole('list', { name: 'Answers, newest first' }).getByRole('listitem').first();
  const send = async (untilSeconds: number): Promise<void> => {
    await form.getByRole('button', { name: 'Send' }).focus();
    await page.keyboard.press('Enter');
    await app.idle();
    await app.runTo(untilSeconds);
  };

  await form.getByLabel('key').focus();
  await page.keyboard.type('/favicon.ico');
  await send(11.5);
  await expect(newest).toContainText('200');
  await expect(newest.getByRole('row').nth(1)).toContainText('/favicon.ico');
  await form.getByLabel('from').fill('noon');
  await send(11.5);
  await expect(page.getByRole('alert')).toContainText('“noon” is no time');
  await form.getByLabel('from').fill('');
  expect(await violationsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);

  // One instance is new and the other waits for the group, which waits for a dead member.
  await app.runTo(13.5);
  await form.getByLabel('key').fill('');
  await send(14);
  await expect(newest).toContainText('503');
  await form.getByLabel('ask').selectOption('V2');
  await form.getByLabel('stale reads allowed').check();
  await send(15);
  await expect(newest).toContainText('200');
  await expect(newest).toContainText(/\(standby, [\d,]+ behind\)|\(standby, nothing behind\)/);

  await form.getByLabel('stale reads allowed').uncheck();
  await app.runTo(23);
  await send(23.5);
  await expect(newest).toContainText('200');
  await expect(app.tickets.last()).toContainText('query counts of views');

  // Undone, it was never asked; and an answer leads to its moment.
  await expect(page.getByRole('list', { name: 'Answers, newest first' }).getByRole('listitem')).toHaveCount(
    4,
  );
  await page.getByRole('tab', { name: 'Queries' }).focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.getByRole('list', { name: 'Answers, newest first' }).getByRole('listitem')).toHaveCount(
    3,
  );
  await newest.getByRole('button', { name: /^Go to 14\./ }).click();
  await expect(app.moment).toHaveAttribute('aria-valuetext', /^14\./);
});
