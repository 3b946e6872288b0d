import { vi } from 'vitest';
import type { Feature } from '../swarm/features.ts';
import type { Script } from '../swarm/swarm-run.ts';

/** A planted bug: one rule of the protocol is broken in one function, and the checker has to see it. */
export interface Mutant {
  readonly id: string;
  /** The rule that is broken, with its source. */
  readonly rule: string;
  /** Numbers of the invariants that see it, each by itself, and the seed at which the hunt by it begins. */
  readonly caughtBy: Readonly<Record<number, number>>;
  /** What the runs of the swarm that hunt for it have; without it the lean scenario under harsh faults is hunted in. */
  readonly features?: readonly Feature[];
  /** What happens in these runs instead of the faults of the seed: for what chance would show too seldom. */
  readonly script?: Script;
  readonly bugs: readonly Bug[];
}

/** What a module exports instead of what it should. */
export interface Bug {
  /** From this folder. */
  readonly module: string;
  readonly bug: (original: object) => object;
}

/** Puts a bug into the modules that are loaded from now on. */
export function plant({ bugs }: Mutant): void {
  for (const { module, bug } of bugs)
    vi.doMock(module, (load) => load<object>().then((original) => ({ ...original, ...bug(original) })));
}

export function pullOut({ bugs }: Mutant): void {
  for (const { module } of bugs) vi.doUnmock(module);
}

/** Replaces some exports of a module. */
export const replace = <M extends object>(module: string, bug: (original: M) => Partial<M>): Bug => ({
  module,
  bug: (original) => bug(original as M),
});
