import type { ShareKey } from '../coordinator/share/share-state.ts';
import type { SimTime } from '../base/time.ts';
import type { StateBatch } from '../protocol/share-group-state.ts';

/** `RecordState`; the numbers are those of the persisted delivery states. */
export const RECORD_STATE = { AVAILABLE: 0, ACQUIRED: 1, ACKNOWLEDGED: 2, ARCHIVED: 4 } as const;
export type RecordState = (typeof RECORD_STATE)[keyof typeof RECORD_STATE];

/** Neighbouring records in the same state, both offsets included. Frozen. */
export interface Run {
  readonly first: number;
  readonly last: number;
  readonly state: RecordState;
  readonly deliveryCount: number;
  /** Who acquired it; '' for nobody. */
  readonly memberId: string;
  /** When it goes back to the others. */
  readonly lockedUntil: SimTime;
  /** What it becomes once the share coordinator has stored that; null if nothing is under way. */
  readonly next: { readonly state: RecordState; readonly deliveryCount: number } | null;
}

/** What the share coordinator is to store, and who waits for it. */
export interface ShareWrite {
  readonly batches: readonly StateBatch[];
  /** Requests whose acknowledgements these are. */
  readonly tokens: readonly number[];
}

/** Where a share group stands in a partition that this broker leads (`SharePartition`, KIP-932). Plain data. */
export interface SharePartition {
  readonly key: ShareKey;
  readonly topic: string;
  readonly leaderEpoch: number;
  stateEpoch: number;
  status: 'loading' | 'active';
  /** All before it is done with. */
  startOffset: number;
  /** From the start on, ascending and without gaps. */
  runs: readonly Run[];
  /** The first of them is under way. */
  writes: ShareWrite[];
  /** Records whose locks were over, and records that were archived, since this broker leads. */
  expired: number;
  archived: number;
}

export const newSharePartition = (key: ShareKey, topic: string, leaderEpoch: number): SharePartition => ({
  key,
  topic,
  leaderEpoch,
  stateEpoch: 0,
  status: 'loading',
  startOffset: 0,
  runs: [],
  writes: [],
  expired: 0,
  archived: 0,
});

/** The offset after all that was ever acquired here. */
export const endOf = ({ runs, startOffset }: SharePartition): number => {
  const last = runs.at(-1);
  return last === undefined ? startOffset : last.last + 1;
};

export const isAvailable = (run: Run): boolean => run.state === RECORD_STATE.AVAILABLE && run.next === null;

/** Where the next fetch reads: the first record that nobody has. */
export const nextFetchOffset = (partition: SharePartition): number =>
  partition.runs.find(isAvailable)?.first ?? endOf(partition);

const isDone = ({ state }: Run): boolean =>
  state === RECORD_STATE.ACKNOWLEDGED || state === RECORD_STATE.ARCHIVED;

/** Records beyond the start that are done with, or will be once that is stored. */
export const deliveryCompleteCount = ({ runs }: SharePartition): number =>
  runs
    .filter((run) => isDone(run) || (run.next !== null && run.next.state !== RECORD_STATE.AVAILABLE))
    .reduce((sum, { first, last }) => sum + last - first + 1, 0);

const freeRun = (first: number, last: number): Run =>
  Object.freeze({
    first,
    last,
    state: RECORD_STATE.AVAILABLE,
    deliveryCount: 0,
    memberId: '',
    lockedUntil: 0,
    next: null,
  });

/** Takes over what the share coordinator has stored. What lies between is available: nobody finished it. */
export function restoreRuns(
  partition: SharePartition,
  stored: { readonly startOffset: number; readonly stateBatches: readonly StateBatch[] },
): void {
  partition.startOffset = stored.startOffset;
  const runs: Run[] = [];
  let next = stored.startOffset;
  for (const { firstOffset: first, lastOffset: last, deliveryState, deliveryCount } of stored.stateBatches) {
    if (first > next) runs.push(freeRun(next, first - 1));
    runs.push(Object.freeze({ ...freeRun(first, last), state: deliveryState as RecordState, deliveryCount }));
    next = last + 1;
  }
  partition.runs = runs;
  advanceStart(partition);
}

/** What is done with at the beginning is forgotten. */
export function advanceStart(partition: SharePartition): void {
  const { runs } = partition;
  let done = 0;
  for (let run = runs[done]; run !== undefined && isDone(run) && run.next === null; run = runs[done]) done++;
  if (done === 0) return;
  partition.startOffset = (runs[done - 1]?.last ?? 0) + 1;
  partition.runs = runs.slice(done);
}

/** Records that are deleted from the log need nobody any more. */
export function skipDeleted(partition: SharePartition, logStartOffset: number): void {
  if (logStartOffset <= partition.startOffset) return;
  partition.runs = partition.runs
    .filter(({ last }) => last >= logStartOffset)
    .map((run) => (run.first < logStartOffset ? Object.freeze({ ...run, first: logStartOffset }) : run));
  partition.startOffset = logStartOffset;
}

/** Changes the runs within these offsets, cutting those that reach beyond; returns what they became there. */
export function changeRuns(
  partition: SharePartition,
  range: { readonly first: number; readonly last: number },
  change: (run: Run) => Run,
): Run[] {
  const changed: Run[] = [];
  partition.runs = partition.runs.flatMap((run) => {
    const first = Math.max(run.first, range.first);
    const last = Math.min(run.last, range.last);
    if (first > last) return [run];
    const middle = Object.freeze(change({ ...run, first, last }));
    changed.push(middle);
    return [
      ...(run.first < first ? [Object.freeze({ ...run, last: first - 1 })] : []),
      middle,
      ...(run.last > last ? [Object.freeze({ ...run, first: last + 1 })] : []),
    ];
  });
  return changed;
}

/** Records after all others, so far nobody's. */
export function appendRun(partition: SharePartition, last: number): void {
  const first = endOf(partition);
  if (first <= last) partition.runs = [...partition.runs, freeRun(first, last)];
}
