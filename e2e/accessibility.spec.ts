import { expect, test } from './journey.ts';
import { overflowOf, violationsOf } from './page-checks.ts';

for (const { colorScheme, width, height } of [
  { colorScheme: 'light', width: 1440, height: 900 },
  { colorScheme: 'dark', width: 1440, height: 900 },
  { colorScheme: 'light', width: 1024, height: 768 },
  { colorScheme: 'dark', width: 1024, height: 768 },
  { colorScheme: 'dark', width: 390, height: 844 },
  { colorScheme: 'light', width: 720, height: 450 }, // 1440 × 900, enlarged to the double
] as const)
  test.describe(`${width} wide, ${colorScheme}`, () => {
    test.use({ viewport: { width, height }, colorScheme });

    test('has no violations that a machine can find, and nothing to scroll sideways', async ({
      app,
      page,
    }) => {
      test.slow(); // the analysis looks at every mark of the stage
      const sound = async (screen: string) => {
        expect(await violationsOf(page), screen).toEqual([]);
        expect(await overflowOf(page), screen).toBeLessThanOrEqual(0);
      };
      await app.open();
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      await sound('the question');
      await page.getByRole('link', { name: 'Open the lab' }).click();
      await app.runTo(2);
      await page.keyboard.press('o');
      await page.getByRole('treeitem', { name: /^B1, broker/ }).click();
      await app.press('k');
      await app.press('e');
      await app.press('n');
      await sound('the laboratory');
    });
  });

test('the windows over the page have no violations', async ({ app, page }) => {
  test.slow();
  await app.openLab();
  await app.press('?');
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await app.button('Menu').click();
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Play a file of your own' }).click();
  await page.getByLabel('File', { exact: true }).setInputFiles({
    name: 'a.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('when,who\n2024-01-05,ann\n'),
  });
  await expect(app.button('Put it on stage')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
});
