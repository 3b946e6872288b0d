import type { Locator, Page } from '@playwright/test';
import { expect, test } from './journey.ts';

/** Moves the focus as a person without a mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target, 'reachable by Tab').toBeFocused();
}

test('a whole experiment needs no mouse: start, pause, choose, crash, undo', async ({ app, page }) => {
  await app.open();
  await tabTo(page, app.button('Let it run'));
  await page.keyboard.press('Enter');
  await expect(app.timeline).toBeVisible();
  await expect.poll(() => app.seconds()).toBeGreaterThan(0.3);
  await page.keyboard.press(' ');
  await expect(app.timeline.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await app.idle();
  const at = await app.seconds();
  await app.runTo(at); // whole milliseconds, which is what the page shows
  const before = await app.stateHash();

  await tabTo(page, page.getByRole('treeitem', { name: /^Producer P1/ }));
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
  await expect(app.inspector).toContainText('B2');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu', { name: 'B2, broker' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Inspect' })).toBeFocused();
  await page.keyboard.press('c');
  await expect(page.getByRole('menuitem', { name: 'Crash', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await app.idle();
  await expect(app.tickets).toHaveAccessibleName(/^crash B2/);
  await expect(app.inspector).toContainText('DOWN');
  await expect(page.getByRole('treeitem', { name: /^B2, broker, down/ })).toBeFocused();
  expect(await app.stateHash()).not.toBe(before);

  await app.press('Control+z');
  await expect(app.tickets).toHaveCount(0);
  await app.runTo(at);
  expect(await app.stateHash()).toBe(before);

  await app.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys and settings' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
