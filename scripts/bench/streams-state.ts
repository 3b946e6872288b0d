import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fork } from '../../src/engine/base/fork.ts';
import { tableOfKeys, type KeyedDriver } from '../../src/engine/testing/bench-streams-state.ts';
import { cpuSeconds, type BenchRow } from './bench-row.ts';

const KEYS = 1_000_000;
/** How many keys change between two checkpoints. */
const CHANGES = [1, 1_000, 100_000];
/** Checkpoints of each kind; the middle one counts. */
const ROUNDS = 5;

/** What a big state costs in a table's store: memory for each entry, and checkpoints for what changed. */
export function stateRows(): readonly BenchRow[] {
  const collect = collector();
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const keyed = tableOfKeys(KEYS);
  const before = used();
  keyed.fill();
  const filled = used();
  // The first checkpoint settles the state; from then on one shares what did not change.
  let last = fork(keyed.driver.state);
  const settled = used();
  const rows = CHANGES.map((changes) => {
    const times = Array.from({ length: ROUNDS }, (_, round) => {
      keyed.change(changes, round);
      return cpuSeconds(() => {
        last = fork(keyed.driver.state, last);
      });
    }).sort((a, b) => a - b);
    return checkpointRow(changes, times[ROUNDS >> 1] ?? Number.NaN);
  });
  return [
    memoryRow('before the first checkpoint', filled - before, keyed),
    memoryRow('with a checkpoint', settled - before, keyed),
    ...rows,
  ];
}

const memoryRow = (when: string, bytes: number, { keys }: KeyedDriver): BenchRow => ({
  bench: 'streams',
  what: `an entry of ${KEYS.toLocaleString('en')}, ${when}`,
  value: bytes / keys,
  unit: 'bytes beyond key and value',
  target: 200,
});

const checkpointRow = (changes: number, seconds: number): BenchRow => ({
  bench: 'streams',
  what: `checkpoint of them, ${changes.toLocaleString('en')} changed`,
  value: seconds * 1_000,
  unit: 'ms',
  note: `${((seconds * 1e6) / changes).toPrecision(3)} µs for a change`,
});

/** The collector of garbage, whether this process was started with it or not. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
