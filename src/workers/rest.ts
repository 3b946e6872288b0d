/**
 * Code of the rest was needed before it was loaded. Deliberately no Error: the simulated world catches errors of its
 * processors, and this is none.
 */
export class NotLoaded {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** By their number in the list of the build. */
type Modules = readonly Readonly<Record<string, unknown>>[];
type Code = (...args: readonly unknown[]) => unknown;
type Constructor = new (...args: readonly unknown[]) => object;

let modules: Modules | null = null;

export function installRest(loaded: Modules): void {
  modules = loaded;
}

/** Stands for a function or class of the rest in the first script of the worker; written there by the build. */
export function rest(module: number, name: string): Code {
  return function stub(...args) {
    const code = modules?.[module]?.[name];
    if (code === undefined) {
      const reason: unknown = new NotLoaded(name);
      throw reason;
    }
    return new.target === undefined ? (code as Code)(...args) : new (code as Constructor)(...args);
  };
}
