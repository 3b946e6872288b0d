import { expect, type Locator, type Page } from '@playwright/test';

/** The page as a person uses it: by role and name. Waits for the page itself, never for a time. */
export class AppDriver {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page; without an address as at a first visit. */
  async open(hash = ''): Promise<void> {
    await this.page.goto(`/?testing${hash}`);
    await expect(this.heading).toBeVisible();
  }

  /** Past the first screen, paused at the beginning. */
  async openLab(): Promise<void> {
    await this.open();
    await this.page.getByRole('link', { name: 'Open the lab' }).click();
    await expect(this.timeline).toBeVisible();
    await this.idle();
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  get timeline(): Locator {
    return this.page.getByRole('region', { name: 'Timeline' });
  }

  get moment(): Locator {
    return this.page.getByRole('slider', { name: 'Moment' });
  }

  get caption(): Locator {
    return this.page.getByRole('region', { name: 'Caption' });
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: 'Inspector' });
  }

  get tickets(): Locator {
    return this.page.getByRole('list', { name: 'Acts', exact: true }).getByRole('button');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The moment shown, in seconds. */
  async seconds(): Promise<number> {
    const text = (await this.moment.getAttribute('aria-valuetext')) ?? '';
    return Number(/^[\d.]+/.exec(text)?.[0]);
  }

  /** Resolves when everything that was asked for is done and drawn. */
  async idle(): Promise<void> {
    await this.page.evaluate(() => window.millraceTest?.idle());
  }

  async play(): Promise<void> {
    await this.timeline.getByRole('button', { name: 'Play', exact: true }).click();
  }

  /** Pauses what is running. */
  async pause(): Promise<void> {
    await this.timeline.getByRole('button', { name: 'Pause', exact: true }).click();
    await expect(this.timeline.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    await this.idle();
  }

  /** Shows the question of the scenario and what is worth breaking. */
  async openGuide(): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Panels' })
      .getByRole('button', { name: 'Guide' })
      .click();
    await expect(this.page.getByRole('complementary', { name: 'Guide' })).toBeVisible();
  }

  /** Chooses a speed by its whole name, such as `16 times real time`. */
  async setSpeed(name: string): Promise<void> {
    await this.page
      .getByRole('radiogroup', { name: 'Speed' })
      .getByRole('radio', { name, exact: true })
      .click();
  }

  /** One sum of the ledger as its badge says it. */
  async ledger(sum: 'asked' | 'acknowledged' | 'waiting' | 'lost' | 'duplicated'): Promise<number> {
    const words =
      (await this.page.getByRole('button', { name: /^Ledger:/ }).getAttribute('aria-label')) ?? '';
    return Number(new RegExp(`([\\d,]+) ${sum}`).exec(words)?.[1]?.replaceAll(',', ''));
  }

  async runTo(seconds: number): Promise<void> {
    await this.page.evaluate((ms) => window.millraceTest?.runTo(ms), seconds * 1_000);
  }

  /** Sixteen digits that differ when anything in the simulated world does. */
  async stateHash(): Promise<string> {
    await this.idle();
    return (await this.page.evaluate(() => window.millraceTest?.hash())) ?? '';
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.idle();
  }

  /** Selects something by its name in the outline, as a keyboard or a screen reader does. */
  async select(name: RegExp): Promise<void> {
    const outline = this.page.getByRole('tree', { name: 'Everything on the stage' });
    if (!(await outline.isVisible())) await this.page.keyboard.press('o');
    await outline.getByRole('treeitem', { name }).first().click();
    await this.page.keyboard.press('o');
    await this.idle();
  }

  /** Opens the menu of the selection and picks from it, one step after the other. */
  async act(...steps: readonly string[]): Promise<void> {
    await this.inspector.getByRole('button', { name: 'More acts' }).click();
    for (const step of steps) await this.page.getByRole('menuitem', { name: step }).first().click();
    await this.idle();
  }
}
