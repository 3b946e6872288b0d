import type { Page } from '@playwright/test';

/** Texts of the stage that touch each other or leave the picture, as sentences. Empty is good. */
export async function textTroubles(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const svg = document.querySelector('.stage-view svg');
    if (svg === null) return ['there is no stage'];
    const whole = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text')].flatMap((element) => {
      const words = element.textContent;
      const r = element.getBoundingClientRect();
      if (words.trim() === '' || r.width === 0) return [];
      const trim = r.height * 0.22;
      return { words, left: r.left + 1, right: r.right - 1, top: r.top + trim, bottom: r.bottom - trim };
    });
    const troubles = boxes
      .filter(
        (b) =>
          b.left < whole.left - 2 ||
          b.right > whole.right + 2 ||
          b.top < whole.top - 1 ||
          b.bottom > whole.bottom + 1,
      )
      .map((b) => `“${b.words}” leaves the picture`);
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        if (!apart) troubles.push(`“${a.words}” touches “${b.words}”`);
      }
    });
    return troubles;
  });
}
