import { listOf, objectOf, textOf, type JsonObject } from '../case-file.ts';

/** The script of a module case. */
export const opsOf = (given: JsonObject): JsonObject[] =>
  listOf(given.ops, 'ops').map((op) => objectOf(op, 'op'));

export const opNameOf = (op: JsonObject): string => textOf(op.op, 'op');
