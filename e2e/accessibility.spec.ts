import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { AppDriver } from './app-driver.ts';

const violations = async (page: Page): Promise<readonly string[]> => {
  const { violations: found } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
};

for (const colorScheme of ['light', 'dark'] as const)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
    { width: 390, height: 844 },
  ])
    test.describe(`${viewport.width} wide, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });

      test('has no violations that a machine can find, and nothing to scroll sideways', async ({ page }) => {
        test.slow(); // the analysis looks at every mark of the stage
        const app = new AppDriver(page);
        await app.open();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('link', { name: 'Open the lab' }).click();
        await app.runTo(2);
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press('o');
        await page.getByRole('treeitem', { name: /^B1, broker/ }).click();
        await page.keyboard.press('e');
        await app.idle();
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      });
    });

test('a whole experiment needs no mouse', async ({ page }) => {
  const app = new AppDriver(page);
  await app.open();
  await page.keyboard.press(' ');
  await expect(app.timeline).toBeVisible();
  await page.keyboard.press(' ');
  await app.idle();
  await expect(app.timeline.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.keyboard.press('o');
  await page.getByRole('treeitem', { name: /^Producer P1/ }).focus();
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
  await expect(app.inspector).toContainText('B2');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: 'Inspect' })).toBeFocused();
  await page.keyboard.press('c');
  await page.keyboard.press('Enter');
  await app.idle();
  await expect(app.tickets).toHaveAccessibleName(/crash B2/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys and settings' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
