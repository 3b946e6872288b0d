import { isObject, type Json, type JsonObject } from '../../base/json.ts';

export { isObject, type Json, type JsonObject };

/** One question that was put to the real system, and its answer. */
export interface ConformanceCase {
  readonly id: string;
  readonly about: string;
  readonly given: JsonObject;
  readonly expect: JsonObject;
}

export interface CaseFile {
  readonly format: 1;
  readonly kind: string;
  readonly suite: string;
  readonly cases: readonly ConformanceCase[];
}

/** The case asks for a kind, module, operation or field that no adapter knows. */
export class UnsupportedError extends Error {
  constructor(what: string) {
    super(`unsupported: ${what}`);
    this.name = 'UnsupportedError';
  }
}

/** Reads a document as a case file. Throws with one plain sentence if it is not one. */
export function parseCaseFile(text: string): CaseFile {
  const document: unknown = JSON.parse(text);
  if (!isObject(document) || document.format !== 1) throw new Error('not a case file of format 1');
  if (typeof document.kind !== 'string' || !Array.isArray(document.cases))
    throw new Error('a case file needs "kind" and "cases"');
  return document as unknown as CaseFile;
}

/** Throws {@link UnsupportedError} if `object` has a field outside `known`. */
export function onlyFields(object: JsonObject, known: readonly string[], where: string): void {
  for (const field of Object.keys(object))
    if (!known.includes(field)) throw new UnsupportedError(`field "${field}" of ${where}`);
}

export function textOf(value: Json | undefined, what: string): string {
  if (typeof value !== 'string') throw new UnsupportedError(`${what} that is not a text`);
  return value;
}

export function numberOf(value: Json | undefined, what: string): number {
  if (typeof value !== 'number') throw new UnsupportedError(`${what} that is not a number`);
  return value;
}

export function listOf(value: Json | undefined, what: string): readonly Json[] {
  if (!Array.isArray(value)) throw new UnsupportedError(`${what} that is not a list`);
  return value as readonly Json[];
}

export function objectOf(value: Json | undefined, what: string): JsonObject {
  if (!isObject(value)) throw new UnsupportedError(`${what} that is not an object`);
  return value;
}
