/** Advance widths of IBM Plex Sans in thousandths of an em, by group; digits are tabular. */
const GROUPS: readonly (readonly [string, number])[] = [
  ['0123456789', 600],
  ["ijl|!\u2019'", 265],
  ['.,:;·', 280],
  ['frt()[]', 355],
  [' ', 250],
  ['-\u2212_/+', 470],
  ['mw', 870],
  ['MW@%', 880],
  ['ABCDGHKNOPQRSUVXYZ', 660],
  ['EFTJL', 570],
  ['I', 420],
];

const WIDTHS = new Map(GROUPS.flatMap(([letters, width]) => [...letters].map((c) => [c, width] as const)));
const OTHER = 560;

const SIZES: readonly (readonly [RegExp, number])[] = [
  [/\b(tt|s12)\b/, 12],
  [/\bs15\b/, 15],
  [/\bs18\b/, 18],
];

/** Font size of a text mark's classes, CSS pixels. */
export const fontSize = (classes: string): number => SIZES.find(([name]) => name.test(classes))?.[1] ?? 13;

/** Width of a text on the stage, CSS pixels, a little generous; browsers without the font differ by a few per cent. */
export function textWidth(words: string, classes = ''): number {
  let sum = 0;
  for (const c of words) sum += WIDTHS.get(c) ?? OTHER;
  const weight = /\btb\b/.test(classes) ? 1.06 : 1;
  const stretch = /\bcond\b/.test(classes) ? 0.86 : 1;
  return (sum / 1000) * fontSize(classes) * weight * stretch;
}

/** Breaks a name into lines no wider than `width`, after spaces and dashes; a part too long for a line loses its middle. */
export function wrap(words: string, width: number, options: { classes: string; lines: number }): string[] {
  const { classes, lines } = options;
  const fits = (s: string): boolean => textWidth(s.trim(), classes) <= width;
  const out: string[] = [];
  let current = '';
  for (const part of words.split(/(?<=[-\s.])/)) {
    if (current !== '' && !fits(current + part)) {
      out.push(current.trim());
      current = part;
    } else current += part;
  }
  out.push(current.trim());
  const kept = out.length <= lines ? out : [...out.slice(0, lines - 1), out.slice(lines - 1).join('')];
  return kept.map((l) => shorten(l, width, classes));
}

/** The text, or its two ends around an ellipsis if it is wider than `width`. */
export function shorten(words: string, width: number, classes = ''): string {
  if (textWidth(words, classes) <= width) return words;
  for (let kept = words.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept / 2);
    const short = `${words.slice(0, head)}\u2026${words.slice(words.length - (kept - head))}`;
    if (textWidth(short, classes) <= width) return short;
  }
  return `${words.slice(0, 1)}\u2026`;
}
