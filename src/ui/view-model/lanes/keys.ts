/** How a record's key is written on its cell: the letter is the code, the hue repeats it. */
export interface KeyMark {
  readonly letters: string;
  /** `a` to `g`, or null: then the cell has no hue. */
  readonly hue: string | null;
}

const HUES = 'abcdefg';

/** Letters for keys in the order in which they were first seen; a key that is one of the letters is its own. */
export class KeyLetters {
  private readonly marks = new Map<string, KeyMark>();
  private readonly taken = new Set<string>();

  markOf(key: string | null): KeyMark {
    if (key === null) return { letters: '\u2013', hue: null };
    const known = this.marks.get(key);
    if (known !== undefined) return known;
    const own = key.toLowerCase();
    const mark = own.length === 1 && HUES.includes(own) ? hued(own) : this.next(key);
    this.marks.set(key, mark);
    if (mark.hue !== null) this.taken.add(mark.hue);
    return mark;
  }

  private next(key: string): KeyMark {
    const hue = [...HUES].find((h) => !this.taken.has(h));
    if (hue !== undefined) return hued(hue);
    const letters = key
      .replace(/[^\p{L}\p{N}]/gu, '')
      .slice(-2)
      .toUpperCase();
    return { letters: letters === '' ? '?' : letters, hue: null };
  }
}

const hued = (letter: string): KeyMark => ({ letters: letter.toUpperCase(), hue: letter });
