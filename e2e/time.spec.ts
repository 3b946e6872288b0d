import { expect, test } from './journey.ts';

test('steps forward and back lead through the very same states', async ({ app }) => {
  await app.openLab();
  await app.runTo(3);
  const forward = [await app.stateHash()];
  for (let i = 0; i < 3; i++) {
    await app.press('ArrowRight');
    forward.push(await app.stateHash());
  }
  expect(new Set(forward).size).toBe(forward.length);
  const back = [forward.at(-1)];
  for (let i = 0; i < 3; i++) {
    await app.timeline.getByRole('button', { name: 'Step back', exact: true }).click();
    back.push(await app.stateHash());
  }
  expect(back.reverse()).toEqual(forward);
});

test('any moment can be gone to, and going back there is exact', async ({ app, page }) => {
  await app.openLab();
  await app.runTo(2);
  const early = await app.stateHash();
  await app.runTo(6);
  const late = await app.stateHash();
  await app.runTo(2);
  expect(await app.stateHash()).toBe(early);
  await app.moment.focus();
  for (let i = 0; i < 4; i++) await app.press('PageUp');
  expect(await app.seconds()).toBe(6);
  expect(await app.stateHash()).toBe(late);
  await app.press('PageDown');
  expect(await app.seconds()).toBe(5);
  // the slider says what the caption says
  const { time, sentence } =
    /^(?<time>\S+ s), (?<sentence>.*)$/.exec((await app.moment.getAttribute('aria-valuetext')) ?? '')
      ?.groups ?? {};
  expect(time).toBe('5.000 s');
  await expect(app.caption.getByRole('paragraph')).toHaveText(sentence ?? '');
  const { x, width, y } = (await app.moment.boundingBox()) ?? { x: 0, width: 0, y: 0 };
  await page.mouse.click(x + width / 30, y + 6);
  await app.idle();
  await expect.poll(() => app.seconds()).toBeCloseTo(2, 0);
});

test('interesting events are one key away in both directions', async ({ app }) => {
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

test('speed goes from one event at a time to as fast as possible', async ({ app, page }) => {
  await app.openLab();
  const speeds = page.getByRole('radiogroup', { name: 'Speed' }).getByRole('radio');
  await expect(speeds.first()).toHaveAccessibleName('one event at a time');
  await expect(speeds.last()).toHaveAccessibleName('as fast as possible');
  await speeds.last().click();
  await expect(speeds.last()).toBeChecked();
  // the choice keeps the focus, and has no use for the key any more
  await page.keyboard.press(' ');
  await app.pause();
});
