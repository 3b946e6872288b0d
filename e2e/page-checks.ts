import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What a machine can find wrong for people with disabilities, each in one line. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
  );
}

/** By how many pixels the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Controls that are smaller than a finger or a shaking hand can hit (WCAG 2.2, 2.5.8), or lie beside the window. */
export const badTargetsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const LEAST = 24;
    const controls =
      'a[href], button, select, input, summary, [role=tab], [role=slider], [role=menuitem], [role=treeitem]';
    const name = (element: Element): string =>
      element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
    const scrolls = (element: Element | null): boolean =>
      element !== null && (element.scrollWidth > element.clientWidth + 1 || scrolls(element.parentElement));
    return [...document.querySelectorAll<HTMLElement>(controls)].flatMap((element) => {
      const visible = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      if (!visible || element.closest('nav[aria-label^=Outline]:not(:focus-within)') !== null) return [];
      const { width, height, left, right } = element.getBoundingClientRect();
      const size = `${name(element)}: ${Math.round(width)} × ${Math.round(height)}`;
      if (width < LEAST || height < LEAST) return [size];
      return (left < 0 || right > window.innerWidth) && !scrolls(element.parentElement)
        ? [`${size} at ${Math.round(left)}`]
        : [];
    });
  });
