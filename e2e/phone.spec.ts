import { expect, test } from './journey.ts';
import { badTargetsOf, overflowOf, violationsOf } from './page-checks.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test('on a phone the question and the laboratory fit, can be hit with a finger and do what they do elsewhere', async ({
  app,
  page,
}) => {
  test.slow(); // the analysis looks at every mark of the stage
  const fits = async (screen: string) => {
    expect(await violationsOf(page), screen).toEqual([]);
    expect(await badTargetsOf(page), screen).toEqual([]);
    expect(await overflowOf(page), screen).toBeLessThanOrEqual(0);
  };
  await app.open();
  await expect(app.button('Let it run')).toBeInViewport();
  await fits('the question');

  await app.button('Let it run').tap();
  const time = page.getByRole('group', { name: 'Time', exact: true });
  await expect(time).toContainText(/[1-9]\.\d{3} s/);
  await time.getByRole('button', { name: 'Pause', exact: true }).tap();
  await app.idle();
  await fits('the guide');

  const sheet = page.getByRole('complementary', { name: 'Sheet' });
  await sheet.getByRole('button', { name: 'Crash B2' }).tap();
  await app.idle();
  await expect(app.caption).toContainText('B2 crashes');
  await app.runTo(16);
  await expect(sheet.getByRole('button', { name: 'Start B2 again' })).toBeVisible();

  for (const tab of ['Inspect', 'Time', 'Evidence']) {
    await sheet.getByRole('tab', { name: tab }).tap();
    await app.idle();
    await expect(sheet.getByRole('tabpanel', { name: tab, exact: true })).not.toBeEmpty();
    await fits(tab);
  }
});
