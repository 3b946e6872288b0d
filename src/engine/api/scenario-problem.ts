import { err, type Result } from '../base/result.ts';

/** What is wrong with an input, and where. */
export interface Problem {
  /** One plain sentence that says what is wrong and names the place. */
  readonly message: string;
  /** The place, such as `topics[0].partitions`; '' is the whole. */
  readonly path: string;
  /** In a text, counted from 1. */
  readonly line?: number;
  /** In a text, counted from 1, in UTF-16 units. */
  readonly column?: number;
}

export type PathStep = string | number;
export type Path = readonly PathStep[];

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `topics[0].config["min.insync.replicas"]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path)
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_NAME.test(step)) text += `[${quoted(step)}]`;
    else text += text === '' ? step : `.${step}`;
  return text;
}

/** A problem at a place; `what` continues a sentence that begins with the place. */
export function problemAt(path: Path, what: string): Problem {
  const where = pathText(path);
  return { message: `${where === '' ? 'The scenario' : where} ${what}`, path: where };
}

export const problem = (path: Path, what: string): Result<never, Problem> => err(problemAt(path, what));

const SHOWN_MAX = 40;

/** Text in quotes, short enough for a sentence and without characters that could disturb it. */
export function quoted(text: string): string {
  const clean = text.replace(UNPRINTABLE_ALL, '\ufffd');
  const head = clean.slice(0, SHOWN_MAX).replace(/\p{Cs}$/u, ''); // never half of a surrogate pair
  return `"${clean.length > SHOWN_MAX ? `${head}…` : clean}"`;
}

/**
 * Characters that a person cannot see or that change how the text around them reads: C0 and C1 controls, zero-width
 * characters, line separators, bidirectional overrides and isolates, lone surrogates, noncharacters.
 */
export const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc\ufffe\uffff]/u;
const UNPRINTABLE_ALL = new RegExp(UNPRINTABLE.source, 'gu');

/** `U+202E`. */
export const codePointName = (char: string): string =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Any value as a sentence may show it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'number' && Number.isInteger(value) ? grouped(value) : String(value);
}

/** An integer with a comma between groups of three digits. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `a, b and c`. */
export function listed(words: readonly string[], last = 'and'): string {
  const tail = words.at(-1) ?? '';
  return words.length < 2 ? tail : `${words.slice(0, -1).join(', ')} ${last} ${tail}`;
}

/** The word that was probably meant: at most two edits away, and at most half of its letters. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of known) {
    const distance = word.length > 64 ? 3 : editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance * 2 <= candidate.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}

const NAMED_MAX = 8;

/** `there are b1, b2 and 3 more`. */
export function thereAre(names: readonly string[]): string {
  if (names.length === 0) return 'there is none';
  const few = names.slice(0, NAMED_MAX);
  const more = names.length - few.length;
  return `there ${names.length === 1 ? 'is' : 'are'} ${listed(more === 0 ? few : [...few, `${more} more`])}`;
}
