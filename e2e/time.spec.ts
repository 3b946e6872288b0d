import { expect, test } from '@playwright/test';
import { AppDriver } from './app-driver.ts';

test('a step forward and a step back lead to the very same state', async ({ page }) => {
  const app = new AppDriver(page);
  await app.openLab();
  await app.runTo(3);
  const before = await app.stateHash();
  await app.press('ArrowRight');
  const after = await app.stateHash();
  expect(after).not.toBe(before);
  await app.press('ArrowLeft');
  expect(await app.stateHash()).toBe(before);
  await app.timeline.getByRole('button', { name: 'Step', exact: true }).click();
  expect(await app.stateHash()).toBe(after);
});

test('any moment can be gone to, and going back there is exact', async ({ page }) => {
  const app = new AppDriver(page);
  await app.openLab();
  await app.runTo(2);
  const early = await app.stateHash();
  await app.runTo(6);
  await app.runTo(2);
  expect(await app.stateHash()).toBe(early);
  const { x, width, y } = (await app.moment.boundingBox()) ?? { x: 0, width: 0, y: 0 };
  await page.mouse.click(x + width / 30, y + 6);
  await app.idle();
  await expect.poll(() => app.seconds()).toBeCloseTo(2, 0);
});

test('interesting events are one key away in both directions', async ({ page }) => {
  const app = new AppDriver(page);
  await app.openLab();
  await app.runTo(1);
  await app.select(/^B2, broker/);
  await app.press('k');
  await app.runTo(4);
  await app.press('Shift+ArrowLeft');
  const last = await app.stateHash();
  await app.press('Shift+ArrowLeft');
  expect(await app.stateHash()).not.toBe(last);
  await app.press('Shift+ArrowRight');
  expect(await app.stateHash()).toBe(last);
});

test('speed goes from one event at a time to as fast as possible', async ({ page }) => {
  const app = new AppDriver(page);
  await app.openLab();
  const speeds = page.getByRole('radiogroup', { name: 'Speed' }).getByRole('radio');
  await expect(speeds.first()).toHaveAccessibleName('one event at a time');
  await expect(speeds.last()).toHaveAccessibleName('as fast as possible');
  await speeds.last().click();
  await expect(speeds.last()).toBeChecked();
});
