import type { Scenario, Tape } from '../api/scenario.ts';

/** By producer. */
export type Tapes = Readonly<Record<string, Tape>>;

/** Tapes cut to the rows that the scenario plays. */
export const cutTapes = ({ producers }: Scenario, tapes: Tapes): Tapes =>
  Object.fromEntries(
    producers.flatMap(({ id, tape: { limit } }) => {
      const tape = tapes[id];
      return tape === undefined ? [] : [[id, limit === 0 ? tape : firstRows(tape, limit)] as const];
    }),
  );

const firstRows = (tape: Tape, limit: number): Tape =>
  tape.count <= limit
    ? tape
    : Object.freeze({
        count: limit,
        timestamps: Object.freeze(tape.timestamps.slice(0, limit)),
        keys: Object.freeze(tape.keys.slice(0, limit)),
        values: Object.freeze(tape.values.slice(0, limit)),
      });
