import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installRest, NotLoaded, rest } from '../src/workers/rest.ts';
import { REST } from './rest-modules.ts';
import { missingModules, staleFunctions, stubOf } from './rest-of-engine.ts';

const ENGINE = 'src/engine';

test('the list names modules that are there, in order and once', () => {
  expect(missingModules()).toEqual([]);
  expect(REST).toEqual([...new Set(REST)].sort());
});

test('functions that wait by themselves are there; if not, npm run -s unreached -- --write mends the list', async () => {
  expect(await staleFunctions()).toEqual([]);
});

test('a stub has functions, classes and literals, and nothing that a stub cannot stand for', () => {
  const source = [
    "export const TIMER = 'a-timer';",
    'export const MOST = 1_000;',
    'export const TABLE = { a: 1 };',
    'export const answer = (x: number): number => x;',
    'export const long = <T>(',
    'export function* each(): Generator<number> {',
    'export class Store implements Thing {',
    'export interface Thing {',
    'const hidden = () => 1;',
  ].join('\n');
  const names = [...stubOf(7, source).matchAll(/^export const (\w+) = (.*);$/gm)].map(([, ...rest]) => rest);
  expect(names).toEqual([
    ['TIMER', "'a-timer'"],
    ['MOST', '1_000'],
    ...['answer', 'long', 'each', 'Store'].map((name) => [name, `/* @__PURE__ */ rest(7, "${name}")`]),
  ]);
});

test('what stands for a function or a class asks for the rest, and is it once that is there', () => {
  const double = rest(0, 'double');
  const Pair = rest(0, 'Pair') as unknown as new (a: number, b: number) => object;
  let thrown: unknown;
  try {
    double(2);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(NotLoaded);
  expect(thrown).not.toBeInstanceOf(Error);
  class Real {
    readonly sum: number;
    constructor(a: number, b: number) {
      this.sum = a + b;
    }
  }
  installRest([{ double: (x: number) => 2 * x, Pair: Real }]);
  expect(double(2)).toBe(4);
  expect(new Pair(1, 2)).toEqual(new Real(1, 2));
  expect(new Pair(1, 2)).toBeInstanceOf(Real);
});

test('nobody extends a class of the rest or asks for it with instanceof, which a stub would answer wrongly', () => {
  const classes = REST.flatMap((module) =>
    [...readFileSync(join(ENGINE, `${module}.ts`), 'utf8').matchAll(/^export class (\w+)/gm)].map(
      ([, name]) => name,
    ),
  );
  const asks = new RegExp(`\\b(?:instanceof|extends) (?:${classes.join('|')})\\b`);
  const others = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      /(?<!test)\.ts$/.test(file) &&
      !file.startsWith('testing/') &&
      !file.startsWith('streams/test-driver/') && // in a worker of its own, which is not split
      !REST.includes(file.replace(/\.ts$/, '')),
  );
  expect(classes).not.toEqual([]);
  expect(others.filter((file) => asks.test(readFileSync(join(ENGINE, file), 'utf8')))).toEqual([]);
});
