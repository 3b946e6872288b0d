/** A row of names, each with a kind of value. Only a memo: it never decides a result. */
interface Layout {
  /** The start of an object with this layout as JSON, and all of it. */
  readonly open: string;
  readonly whole: string;
  /** What comes after one more name, by the kind of its value. */
  readonly next: readonly Map<string, Layout>[];
}

const newLayout = (open: string): Layout => ({
  open,
  whole: `${open}}`,
  next: STAND_INS.map(() => new Map<string, Layout>()),
});

/** By kind: whole numbers, other numbers and references are laid out in different ways. */
const STAND_INS = ['0', '0.5', 'null'];
const kindOf = (value: unknown): number => (typeof value !== 'number' ? 2 : (value | 0) === value ? 0 : 1);

/** Objects that serve as dictionaries have ever new names: they must not fill the memory. */
const NAMES_MAX = 48;
const LAYOUTS_MAX = 20_000;

const root = newLayout('{');
let layouts = 0;

/**
 * An object of the kind of `source` with these names, whose values are yet to be set. A plain one lies in memory as one of
 * a literal does: so JSON.parse makes them, while an empty object that is given the names one by one lies there in another
 * way. Code that was compiled for the objects of literals and met both would be slower by a third.
 */
export function laidOutLike(
  source: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  const kin = Object.getPrototypeOf(source) as object | null;
  if (kin !== Object.prototype || names.length > NAMES_MAX || layouts > LAYOUTS_MAX)
    return Object.create(kin) as Record<string, unknown>;
  let layout = root;
  for (const name of names) {
    const kind = kindOf(source[name]);
    let next = layout.next[kind]?.get(name);
    if (next === undefined) {
      next = newLayout(
        `${layout.open}${layout === root ? '' : ','}${JSON.stringify(name)}:${STAND_INS[kind]}`,
      );
      layout.next[kind]?.set(name, next);
      layouts += 1;
    }
    layout = next;
  }
  return JSON.parse(layout.whole) as Record<string, unknown>;
}
