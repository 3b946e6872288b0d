import { expect, test } from '@playwright/test';
import { AppDriver } from './app-driver.ts';

test('a first visit shows a paused scenario, one question and one button', async ({ page }) => {
  const app = new AppDriver(page);
  await app.open();
  await expect(app.heading).toContainText('?');
  await expect(page.getByRole('button')).toHaveText(['Let it run']);
  await expect(page.getByText('Paused at 0.000 s')).toBeVisible();
  await expect(page.getByRole('group', { name: /B1.*B2.*B3|brokers/i })).toBeVisible();
});

test('the button lets it run, in the laboratory', async ({ page }) => {
  const app = new AppDriver(page);
  await app.open();
  await app.button('Let it run').click();
  await expect(app.timeline).toBeVisible();
  await expect.poll(() => app.seconds()).toBeGreaterThan(0.2);
  await app.page.keyboard.press(' ');
  await expect(app.timeline.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('something is on the page before anything runs: the title, in the language of the page', async ({
  page,
}) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Millrace');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});
