import { text, type TextMark } from './figure.ts';
import { textWidth } from './text-width.ts';

/** A word that wants to stand centred on `x`. */
export interface Wish {
  readonly x: number;
  readonly words: string;
  /** Tried instead when `words` do not fit; '' gives up. */
  readonly short: string;
  readonly classes: string;
  /** Higher goes first; from {@link NEVER_HIDES} on it takes a further line rather than hide. */
  readonly rank: number;
}

export const NEVER_HIDES = 2;
const LINE = 14;

/** Sets words on one line where they fit, the important ones first, so that none touches another. */
export function placeWords(
  wishes: readonly Wish[],
  y: number,
  limits: { left: number; right: number },
): TextMark[] {
  const taken: { line: number; from: number; to: number }[] = [];
  const free = (line: number, from: number, to: number): boolean =>
    taken.every((t) => t.line !== line || to < t.from || from > t.to);
  const placed: TextMark[] = [];
  for (const wish of [...wishes].sort((a, b) => b.rank - a.rank || a.x - b.x)) {
    const lines = wish.rank >= NEVER_HIDES ? [0, 1, 2, 3] : [0];
    const tries = lines.flatMap((l) => [wish.words, wish.short].map((words) => ({ l, words })));
    for (const { l, words } of tries) {
      if (words === '') continue;
      const half = textWidth(words, wish.classes) / 2;
      const x = Math.max(limits.left + half, Math.min(limits.right - half, wish.x));
      if (!free(l, x - half - 2, x + half + 2)) continue;
      taken.push({ line: l, from: x - half - 2, to: x + half + 2 });
      placed.push(text(x, y + l * LINE, words, `m ${wish.classes}`));
      break;
    }
  }
  return placed;
}

/** Moves centres apart as little as needed for `widths` not to touch; null when they cannot stand between the limits. */
export function spread(
  centres: readonly number[],
  widths: readonly number[],
  { left, right, gap }: { left: number; right: number; gap: number },
): number[] | null {
  const needed = widths.reduce((a, b) => a + b, 0) + gap * Math.max(0, widths.length - 1);
  if (needed > right - left + 0.5) return null;
  const half = (i: number): number => (widths[i] ?? 0) / 2;
  const out = centres.map((c, i) => Math.max(left + half(i), Math.min(right - half(i), c)));
  const apart = (i: number): number => half(i) + half(i + 1) + gap;
  for (let round = 0; round < 60; round++) {
    for (let i = 0; i + 1 < out.length; i++) {
      const short = apart(i) - ((out[i + 1] ?? 0) - (out[i] ?? 0));
      if (short <= 0) continue;
      out[i] = (out[i] ?? 0) - short / 2;
      out[i + 1] = (out[i + 1] ?? 0) + short / 2;
    }
    out.forEach((x, i) => {
      out[i] = Math.max(left + half(i), Math.min(right - half(i), x));
    });
  }
  for (let i = 1; i < out.length; i++) out[i] = Math.max(out[i] ?? 0, (out[i - 1] ?? 0) + apart(i - 1));
  for (let i = out.length - 1; i >= 0; i--) {
    const limit = i === out.length - 1 ? right - half(i) : (out[i + 1] ?? 0) - apart(i);
    out[i] = Math.min(out[i] ?? 0, limit);
  }
  return out;
}
