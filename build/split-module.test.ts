import { expect, test } from 'vitest';
import { splitModule, topLevelFunctions } from './split-module.ts';

const MODULE = `import { outer } from './outer.ts';
const LIMIT = 3;
let calls = 0;
export class Store { put(x) { return hidden(x); } }
export function seldom(x) { return outer(helper(x)) + LIMIT; }
function helper(x) { return x.calls + new Store().put(x); }
function hidden(x) { return x; }
export const often = (x) => (x > LIMIT ? seldom(x) : rare(x));
const rare = (x) => hidden(x) + calls;
`;
const names = { self: './module.ts', stub: (name: string) => `stub('${name}')` };
const split = (functions: readonly string[]) => splitModule(MODULE, functions, names);
const linesOf = (text: string) => text.trim().split('\n');

test('late functions leave stubs that stand before all that could use them', () => {
  const { first } = split(['seldom', 'helper', 'rare']);
  const lines = linesOf(first);
  expect(lines.slice(0, 4)).toEqual([
    "import { outer } from './outer.ts';",
    "export const seldom = stub('seldom');",
    "const rare = stub('rare');",
    'const LIMIT = 3;',
  ]);
  expect(first).not.toContain('helper');
});

test('the late part imports what it needs of the first, which exports it, and of others what the first imported', () => {
  const { first, late } = split(['seldom', 'helper', 'rare']);
  expect(linesOf(first).at(-1)).toBe('export { LIMIT, calls, hidden };');
  expect(linesOf(late)).toEqual([
    "import { outer } from './outer.ts';",
    'import { LIMIT, calls, Store, hidden } from "./module.ts";',
    'export function seldom(x) { return outer(helper(x)) + LIMIT; }',
    'function helper(x) { return x.calls + new Store().put(x); }',
    'const rare = (x) => hidden(x) + calls;',
    'export { helper, rare };',
  ]);
});

test('what a late function spreads is imported, and a property of the same name is not', () => {
  const code = 'const many = () => [1];\nconst few = 2;\nexport const late = (x) => [...many(), x.few];\n';
  const { first, late } = splitModule(code, ['late'], names);
  expect(linesOf(first).at(-1)).toBe('export { many };');
  expect(linesOf(late)[0]).toBe('import { many } from "./module.ts";');
});

test('a name that is no function at the top level is refused', () => {
  expect(() => split(['LIMIT'])).toThrow('./module.ts has no function LIMIT at its top level');
  expect([...topLevelFunctions(MODULE).keys()]).toEqual(['seldom', 'helper', 'hidden', 'often', 'rare']);
});
