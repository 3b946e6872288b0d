import type { SharePartitionState, ShareRun } from '../../engine/api/entities/group.ts';
import type { EntityId } from '../../engine/api/frame.ts';
import type { SimTime } from '../../engine/base/time.ts';
import type { Names } from './caption.ts';
import { count, seconds } from './number-format.ts';

/** Where a share group stands in one partition, in words. */
export interface ShareRow {
  readonly id: EntityId;
  readonly partition: string;
  readonly start: string;
  readonly end: string;
  readonly acquired: string;
  readonly available: string;
  readonly runs: readonly RunRow[];
  /** `and 3 more`, '' for none. */
  readonly more: string;
}

/** Neighbouring records in flight. */
export interface RunRow {
  readonly key: string;
  readonly offsets: string;
  readonly state: string;
  /** '' for nobody. */
  readonly node: EntityId;
  readonly member: string;
  readonly deliveries: string;
  /** How long the lock holds yet; a dash without one. */
  readonly lock: string;
}

export const shareTable = (
  partitions: readonly SharePartitionState[],
  at: SimTime,
  names: Names,
): readonly ShareRow[] =>
  partitions.map(({ name, start, end, acquired, available, runs, moreRuns }) => ({
    id: `partition:${name}`,
    partition: name,
    start: start < 0 ? '–' : count(start),
    end: start < 0 || end < start ? '–' : count(end),
    acquired: count(acquired),
    available: count(available),
    runs: runs.map((run) => runRow(run, at, names)),
    more: moreRuns === 0 ? '' : `and ${count(moreRuns)} more`,
  }));

function runRow(
  { first, last, state, node, deliveries, lockedUntil }: ShareRun,
  at: SimTime,
  names: Names,
): RunRow {
  return {
    key: String(first),
    offsets: first === last ? count(first) : `${count(first)} to ${count(last)}`,
    state: WORDS[state],
    node,
    member: node === '' ? '–' : names.node(node),
    deliveries: count(deliveries),
    lock: lockedUntil < 0 ? '–' : seconds(Math.max(0, lockedUntil - at) / 1_000),
  };
}

const WORDS: Readonly<Record<ShareRun['state'], string>> = {
  Available: 'waits',
  Acquired: 'acquired',
  Acknowledged: 'accepted',
  Archived: 'archived',
};
