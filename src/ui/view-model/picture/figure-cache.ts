import type { Figure } from './figure.ts';

interface Kept {
  readonly inputs: readonly unknown[];
  readonly figures: readonly Figure[];
}

/** Keeps figures while what they were made of is the same objects; entities are replaced when they change. */
export class FigureCache {
  private kept = new Map<string, Kept>();
  private used = new Map<string, Kept>();

  /** The figures made before under `key` from equal `inputs`, or new ones. */
  keep(key: string, inputs: readonly unknown[], make: () => readonly Figure[]): readonly Figure[] {
    const before = this.kept.get(key);
    const now = before && sameInputs(before.inputs, inputs) ? before : { inputs, figures: make() };
    this.used.set(key, now);
    return now.figures;
  }

  /** Ends a picture: forgets what it did not use. */
  turn(): void {
    this.kept = this.used;
    this.used = new Map();
  }
}

const sameInputs = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((input, i) => input === b[i]);
