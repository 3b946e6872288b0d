import { expect, test } from './journey.ts';
import { badTargetsOf, overflowOf, violationsOf } from './page-checks.ts';

test('a hanging transaction is seen on the log, at its coordinator and in who waits, and so is its end', async ({
  app,
  page,
}) => {
  await app.openLab();
  await app.button('Menu').click();
  await page.getByRole('menuitem', { name: 'An open transaction' }).click();
  await expect(app.heading).toContainText('An open transaction');
  await app.runTo(20);
  await app.select(/^Partition events-0,/);
  await app.press('2');

  // On the log: where readers of what is committed stop, whose records are open, and the markers of the others.
  const stage = page.locator('[data-stage]');
  const picture = stage.getByRole('group');
  await expect(picture).toHaveAccessibleName(/high watermark 1\d\d, last stable offset 1\d\d, log end/);
  await expect(stage.getByText(/^LSO 1\d\d$/)).toBeVisible();
  await expect(stage.getByText('withheld from read_committed')).toBeVisible();
  await expect(
    stage.getByRole('img', { name: /^transaction of requests, open, from offset \d+$/ }),
  ).toBeVisible();
  await expect(
    stage
      .getByRole('img', { name: /^transaction of temperatures, committed, from offset \d+, marker at \d+$/ })
      .first(),
  ).toBeVisible();

  // The same in words, with the fates of those before.
  const log = app.inspector.getByRole('table', { name: 'Transactions in the log, newest first' });
  await expect(log.getByRole('row', { name: /requests open from \d+ none yet/ })).toBeVisible();
  await expect(log.getByRole('row', { name: /requests aborted \d+ to \d+ \d+/ }).first()).toBeAttached();
  expect(await violationsOf(page)).toEqual([]);

  // Its coordinator knows since when, and for how long it will wait.
  await log
    .getByRole('link', { name: 'requests' })
    .or(log.getByRole('button', { name: 'requests' }))
    .first()
    .click();
  await expect(app.inspector).toContainText('Ongoing: open');
  await expect(app.inspector).toContainText('transaction.timeout.ms12,000');
  await app.runTo(30);
  await expect(app.inspector).toContainText('CompleteAbort: aborted');
  await expect(app.timeline.getByText('aborted by its coordinator')).toBeVisible();

  // Who had to wait, and whom they all ask.
  await app.press('e');
  await page.getByRole('tab', { name: 'Groups' }).click();
  await expect(page.getByRole('table', { name: 'Members of settled' })).toContainText('p0');
  const figure = page.getByRole('table', { name: 'Who of settled has which partition' });
  await expect(figure.getByRole('row', { name: /^p0 owns/ })).toBeVisible();
  await expect(page.getByRole('figure').first()).toContainText('Every partition has its reader');
  await page.getByRole('tab', { name: 'Quorum' }).click();
  await expect(page.getByRole('table', { name: /^Controllers/ }).getByRole('row')).toHaveCount(5);
  expect(await violationsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  expect(await badTargetsOf(page)).toEqual([]);
});
