import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ClusterSimulation } from '../../src/engine/cluster/simulation.ts';
import type { Tape } from '../../src/engine/api/scenario.ts';
import { clusterRun, tapeOf } from './cluster.ts';
import type { BenchRow } from './bench-row.ts';

const FEW = 100_000;
const MANY = 400_000;

/** Bytes of heap that are in use once all garbage is gone. */
function heapInUse(collect: () => void): number {
  for (let i = 0; i < 3; i++) collect();
  return process.memoryUsage().heapUsed;
}

/** The same with texts that are no longer put together of pieces, which would shrink when somebody reads them. */
const flat = (tape: Tape): Tape =>
  Object.freeze({
    ...tape,
    values: tape.values.map((value) => Buffer.from(value ?? '', 'latin1').toString('latin1')),
  });

/**
 * What a record costs that lies on three replicas, beyond its payload, which is there before: the slope between two runs.
 * Once with the state of the cluster alone, once with checkpoints, checker and curves.
 */
export function memoryBench(): readonly BenchRow[] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const added = (records: number, kept: (simulation: ClusterSimulation) => object): number => {
    const tape = flat(tapeOf(records));
    const before = heapInUse(collect);
    const alive = new Set([kept(clusterRun(tape))]);
    const after = heapInUse(collect);
    // Used once more, or the collector takes what is to be measured.
    return after - before + 0 * alive.size;
  };
  const slope = (kept: (simulation: ClusterSimulation) => object): number => {
    // What is left of a run goes while the next one runs: each of the two has a small one before it.
    added(FEW, kept);
    const few = added(FEW, kept);
    return (added(MANY, kept) - few) / (MANY - FEW);
  };
  const row = { bench: 'memory', unit: 'bytes' };
  return [
    {
      ...row,
      what: 'a retained record, beyond its payload',
      value: slope((simulation) => simulation.kernelState()),
      target: 64,
    },
    { ...row, what: 'the same with checker and checkpoints', value: slope((simulation) => simulation) },
  ];
}
