import { shareKeyText } from '../coordinator/share/share-state.ts';
import type { SimTime } from '../base/time.ts';
import type { BrokerMemory } from './broker-memory.ts';
import { deliveryCompleteCount, endOf, RECORD_STATE, type Run } from './share-partition.ts';

/** Neighbouring records in the same state. */
export interface ShareRunFacts {
  readonly first: number;
  readonly last: number;
  readonly state: 'Available' | 'Acquired' | 'Acknowledged' | 'Archived';
  readonly deliveryCount: number;
  /** Who acquired them, '' for nobody. */
  readonly memberId: string;
  /** When the lock is over; −1 without one. */
  readonly lockedUntil: SimTime;
}

/** Where a share group stands in a partition, as its leader has it. */
export interface ShareFacts {
  /** SPSO: all before it is done with. */
  readonly startOffset: number;
  /** One beyond SPEO, the last offset that was ever acquired. */
  readonly endOffset: number;
  /** Records from the start on that are done with. */
  readonly completed: number;
  readonly runs: readonly ShareRunFacts[];
}

const NAMES = {
  [RECORD_STATE.AVAILABLE]: 'Available',
  [RECORD_STATE.ACQUIRED]: 'Acquired',
  [RECORD_STATE.ACKNOWLEDGED]: 'Acknowledged',
  [RECORD_STATE.ARCHIVED]: 'Archived',
} as const;

/** What this broker knows of a share partition that it leads in this epoch; undefined before anybody has asked. */
export function shareFacts(
  { sharePartitions }: BrokerMemory,
  key: Parameters<typeof shareKeyText>[0],
  leaderEpoch: number,
): ShareFacts | undefined {
  const partition = sharePartitions.get(shareKeyText(key));
  if (partition?.status !== 'active' || partition.leaderEpoch !== leaderEpoch) return undefined;
  return {
    startOffset: partition.startOffset,
    endOffset: endOf(partition),
    completed: deliveryCompleteCount(partition),
    runs: partition.runs.map(runFacts),
  };
}

const runFacts = ({ first, last, state, deliveryCount, memberId, lockedUntil }: Run): ShareRunFacts => ({
  first,
  last,
  state: NAMES[state],
  deliveryCount,
  memberId,
  lockedUntil: state === RECORD_STATE.ACQUIRED ? lockedUntil : -1,
});
