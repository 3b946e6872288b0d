import type { Adapter } from '../adapter.ts';
import { onlyFields, type Json, type JsonObject } from '../case-file.ts';
import type { Comparison } from '../comparison.ts';
import { runStreamsCase } from './run.ts';

const PARTS = ['describe', 'outputs', 'stores', 'metrics', 'internal', 'error'] as const;

/** Topologies through the test driver. The engine must give the main answer, and the other one with in-memory stores. */
export const streamsAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(expect, [...PARTS, 'inMemory'], 'expect');
    compareAnswer(comparison, runStreamsCase(given), expect, '');
    if (expect.inMemory === undefined) return;
    const inMemory = { 'dsl.store.suppliers.class': 'InMemoryDslStoreSuppliers' };
    const expected = { ...expect, ...(expect.inMemory as JsonObject) };
    compareAnswer(comparison, runStreamsCase(given, inMemory), expected, 'inMemory.');
  },
};

function compareAnswer(comparison: Comparison, actual: JsonObject, expected: JsonObject, prefix: string): void {
  for (const part of PARTS) {
    const path = prefix + part;
    if (part === 'error') compareErrors(comparison, actual.error, expected.error, path);
    else if (expected[part] !== undefined || !couldNotStart(actual))
      comparison.compare(actual[part], expected[part], path);
  }
}

/** The text is for people, except while building, where it is the exact text. */
function compareErrors(
  comparison: Comparison,
  actual: Json | undefined,
  expected: Json | undefined,
  path: string,
): void {
  const building = (expected as JsonObject | undefined)?.phase === 'build';
  comparison.compare(withoutMessage(actual, building), withoutMessage(expected, building), path);
}

function withoutMessage(error: Json | undefined, keep: boolean): Json | undefined {
  if (error === undefined || keep) return error;
  return { ...(error as JsonObject), message: undefined };
}

/** A driver that could not be made shows nothing: records may say so or leave the parts out. */
const couldNotStart = (actual: JsonObject): boolean =>
  (actual.error as JsonObject | undefined)?.phase === 'start';
