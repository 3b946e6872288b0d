import type { Adapter } from './adapter.ts';
import { textOf, UnsupportedError } from './case-file.ts';

/** `given.module` → what can answer it. One file per module. */
const MODULES: ReadonlyMap<string, Adapter> = new Map<string, Adapter>([]);

/** Cases recorded from single classes: chooses by the class that was asked. */
export const moduleAdapter: Adapter = {
  check(testCase, comparison) {
    const module = textOf(testCase.given.module, 'module');
    const adapter = MODULES.get(module);
    if (adapter === undefined) throw new UnsupportedError(`module "${module}"`);
    adapter.check(testCase, comparison);
  },
};
