import type { SimTime } from '../../base/time.ts';
import type { PartitionPlace } from '../cluster-view.ts';

/** Where a share group stands in a partition, as a broker has it that leads the partition, or believes so. */
export interface ShareView extends PartitionPlace {
  readonly groupId: string;
  /** Of the leadership for which it was read. */
  readonly leaderEpoch: number;
  /** Grows when the group begins anew there. */
  readonly stateEpoch: number;
  /** SPSO: all before it is done with. */
  readonly startOffset: number;
  /** Where the leader's log begins. */
  readonly logStart: number;
  readonly deliveryCountLimit: number;
  /** Another list whenever anything in it is other. */
  readonly runs: readonly ShareRunView[];
  /** Whether the broker has a session of this member. */
  hasSession(memberId: string): boolean;
}

/** Neighbouring records in the same state, both offsets included. Frozen. */
export interface ShareRunView {
  readonly first: number;
  readonly last: number;
  /** `RecordState`: 0 available, 1 acquired, 2 acknowledged, 4 archived. */
  readonly state: number;
  readonly deliveryCount: number;
  /** Who acquired them; '' for nobody. */
  readonly memberId: string;
  readonly lockedUntil: SimTime;
  /** What they become once that is stored; null if nothing is under way. */
  readonly next: { readonly state: number } | null;
}
