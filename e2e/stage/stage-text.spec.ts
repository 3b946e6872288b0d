import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build, preview, type PreviewServer } from 'vite';
import { SCENES } from './scenes.ts';
import { textTroubles } from './text-boxes.ts';

const SIZES = [
  { width: 1064, height: 536 },
  { width: 976, height: 458 },
  { width: 800, height: 536 },
  { width: 672, height: 458 },
  { width: 976, height: 286 },
  { width: 672, height: 302 },
  { width: 390, height: 700 },
  { width: 320, height: 600 },
];

// One bench, built once and served for all.
test.describe.configure({ mode: 'default', timeout: 90_000 });

const outDir = resolve('test-results', `stage-${process.pid}`);
let server: PreviewServer;
let base = '';

test.beforeAll(async () => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const common = { root, configFile: false, logLevel: 'error' } as const;
  await build({ ...common, build: { outDir, emptyOutDir: true, minify: false } });
  server = await preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  base = server.resolvedUrls?.local[0] ?? '';
});

test.afterAll(async () => {
  await server.close();
  rmSync(outDir, { recursive: true });
});

for (const scene of SCENES) {
  test(`no two texts of ${scene} touch, and none leaves the picture`, async ({ page }) => {
    const troubles: string[] = [];
    for (const { width, height } of SIZES) {
      await page.setViewportSize({ width, height });
      await page.goto(`${base}?scene=${scene}&width=${width}&height=${height}`);
      await page.locator('body[data-ready]').waitFor();
      await page.locator('.stage-view text').first().waitFor();
      for (const t of await textTroubles(page)) troubles.push(`${width} px: ${t}`);
    }
    expect(troubles).toEqual([]);
  });
}

test('the picture is drawn in both themes by the same marks', async ({ page }) => {
  const marks = async (theme: string): Promise<string> => {
    await page.goto(`${base}?scene=b2-down&theme=${theme}`);
    await page.locator('.stage-view text').first().waitFor();
    return page.locator('.stage-view g.marks').innerHTML();
  };
  expect(await marks('dark')).toBe(await marks('light'));
});

test('arrow keys go from mark to mark, Enter opens, Shift+F10 asks for the menu', async ({ page }) => {
  await page.goto(`${base}?scene=b2-down`);
  const stage = page.locator('.stage-view svg');
  await stage.locator('text').first().waitFor();
  await stage.locator('[data-entity="partition:clicks-1"]').first().click();
  const current = (): Promise<string | null> =>
    stage.locator('[aria-current]').first().getAttribute('data-entity');
  await expect.poll(current).toBe('partition:clicks-1');
  await stage.press('ArrowDown');
  await expect.poll(current).toBe('partition:clicks-2');
  await stage.press('ArrowRight');
  await expect.poll(current).toBe('task:views/0_2');
  await stage.press('Enter');
  await stage.press('Shift+F10');
  await expect(page.locator('body')).toHaveAttribute('data-opened', 'task:views/0_2');
  await expect(page.locator('body')).toHaveAttribute('data-menu', 'task:views/0_2');
});
