import { test as base, type BrowserContext } from '@playwright/test';
import { AppDriver } from './app-driver.ts';

/** What a page said that no page should say: errors, and what the content security policy forbade (which the console tells). */
function complaintsOf(context: BrowserContext): string[] {
  const found: string[] = [];
  context.on('weberror', (error) => found.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error') found.push(message.text());
  });
  return found;
}

interface Journey {
  readonly app: AppDriver;
  /** Another person with a browser of their own. */
  readonly stranger: AppDriver;
  readonly complaints: string[];
}

/** A test that fails when any of its pages logs an error or breaks the content security policy. */
export const test = base.extend<Journey>({
  complaints: [
    async ({ context }, use) => {
      const complaints = complaintsOf(context);
      await use(complaints);
      base.expect(complaints, 'errors of the page').toEqual([]);
    },
    { auto: true },
  ],
  app: async ({ page }, use) => use(new AppDriver(page)),
  stranger: async ({ browser }, use) => {
    const context = await browser.newContext();
    const complaints = complaintsOf(context);
    await use(new AppDriver(await context.newPage()));
    base.expect(complaints, 'errors of the other page').toEqual([]);
    await context.close();
  },
});

export { expect } from '@playwright/test';
