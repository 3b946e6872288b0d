import { isObject, type Json, type JsonObject } from './case-file.ts';

/** One place where the engine's answer is not the recorded one. `undefined` = absent. */
export interface Difference {
  readonly path: string;
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

const BINDER = /^\$[A-Za-z][A-Za-z0-9_]*$/;
const ANYTHING = '$_';

/**
 * Collects the differences of one case. Texts of the form `$name` in a recorded answer bind at first sight and must be
 * equal from then on; `$_` matches anything that is there.
 */
export class Comparison {
  readonly differences: Difference[] = [];
  private readonly bindings = new Map<string, Json>();

  /** Compares field by field: the order of fields never matters, the order of lists does. */
  compare(actual: Json | undefined, expected: Json | undefined, path = ''): void {
    if (expected === ANYTHING && actual !== undefined) return;
    if (typeof expected === 'string' && BINDER.test(expected)) this.compareBinder(actual, expected, path);
    else if (Array.isArray(expected) && Array.isArray(actual))
      this.compareLists(actual as readonly Json[], expected as readonly Json[], path);
    else if (isObject(expected) && isObject(actual)) this.compareObjects(actual, expected, path);
    else if (actual !== expected) this.differ(actual, expected, path);
  }

  /** Compares lists whose order means nothing. Items must be free of binders. */
  compareSets(actual: readonly Json[], expected: readonly Json[], path = ''): void {
    this.compare(sorted(actual), sorted(expected), path);
  }

  /** The value with every binder that is bound replaced by what it stands for. */
  substitute(value: Json): Json {
    if (typeof value === 'string') return this.bindings.get(value) ?? value;
    if (Array.isArray(value)) return value.map((item: Json) => this.substitute(item));
    if (!isObject(value)) return value;
    const copy: Record<string, Json> = {};
    for (const [field, item] of Object.entries(value))
      if (item !== undefined) copy[field] = this.substitute(item);
    return copy;
  }

  differ(actual: Json | undefined, expected: Json | undefined, path: string): void {
    this.differences.push({ path, expected, actual });
  }

  private compareBinder(actual: Json | undefined, name: string, path: string): void {
    const bound = this.bindings.get(name);
    if (actual === undefined) this.differ(actual, name, path);
    else if (bound === undefined) this.bindings.set(name, actual);
    else this.compare(actual, bound, path);
  }

  private compareLists(actual: readonly Json[], expected: readonly Json[], path: string): void {
    const length = Math.max(actual.length, expected.length);
    for (let i = 0; i < length; i++) this.compare(actual[i], expected[i], `${path}[${i}]`);
  }

  private compareObjects(actual: JsonObject, expected: JsonObject, path: string): void {
    const fields = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    for (const field of fields)
      this.compare(actual[field], expected[field], path === '' ? field : `${path}.${field}`);
  }
}

function sorted(items: readonly Json[]): Json[] {
  const keyed = items.map((item) => ({ key: JSON.stringify(item), item }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}
