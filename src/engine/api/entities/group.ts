import type { EntityId } from '../frame.ts';
import type { BrokerId, NodeId, TopicPartitionName } from '../ids.ts';
import type { GroupStateName } from '../views/group.ts';
import type { SimTime } from '../../base/time.ts';

/** Id `group:<id>`. */
export interface GroupEntity {
  readonly kind: 'group';
  readonly id: EntityId;
  readonly name: string;
  readonly state: GroupStateName | 'Dead' | 'unknown';
  /** Or the epoch of a group of the consumer protocol. */
  readonly generation: number;
  /** Of a group of the consumer protocol (KIP-848): the epoch that its target was computed for. Absent in a classic group. */
  readonly assignmentEpoch?: number;
  readonly protocol: string;
  /** It reads all topics with such a name; absent if it names them. */
  readonly topicsPattern?: string;
  /** Broker that coordinates it, −1 if none. */
  readonly coordinator: BrokerId;
  /** The coordinator still reads its log, and answers COORDINATOR_LOAD_IN_PROGRESS. */
  readonly coordinatorLoads?: true;
  readonly members: readonly GroupMember[];
  readonly partitions: readonly GroupPartition[];
  /** Of a share group (KIP-932): where it stands in each partition. */
  readonly share?: readonly SharePartitionState[];
  readonly recordsPerSecond: number;
  /** Of a group that reads what tapes are played into. */
  readonly processing?: Processing;
  /** Of a group that calls a service: what that has done, as the service itself counts. */
  readonly service?: ServiceFacts;
}

/** A service outside of the cluster and what it was called for. */
export interface ServiceFacts {
  readonly name: string;
  /** Calls that reached it. */
  readonly calls: number;
  /** What it has done; the other calls named a key under which it was done before. */
  readonly effects: number;
  /** Records for which it did the same more than once. */
  readonly repeated: number;
  /** The newest effects, newest first. */
  readonly recent: readonly ServiceEffect[];
}

export interface ServiceEffect {
  readonly at: SimTime;
  readonly partition: TopicPartitionName;
  readonly offset: number;
  /** Null of a call without one. */
  readonly idempotencyKey: string | null;
  /** How often this was done for the record, with this. */
  readonly times: number;
}

/**
 * What became of the rows of tapes in a group's hands, as an outsider counts who hears what its members say that they are
 * done with. Each row is counted once: `processed`; of these `repeated` more than once, and `disordered` for the first time
 * after a record behind it in its partition. `skipped` rows were not processed, and nobody will: the group has
 * committed a later offset or retention has deleted them, and no member has them in hand. Of a compacted topic only the
 * last record of each key counts as skipped, and its deletion only if the key was known to the group.
 */
export interface Processing {
  readonly processed: number;
  readonly repeated: number;
  readonly disordered: number;
  readonly skipped: number;
}

/** Where a share group stands in a partition, as the partition's leader has it. */
export interface SharePartitionState {
  readonly name: TopicPartitionName;
  /** Share-partition start offset: all before it is done with. −1 while the leader does not know. */
  readonly start: number;
  /** Share-partition end offset: the last one that was ever acquired; one before `start` if there is none. */
  readonly end: number;
  /** Records from `start` to `end` that somebody has, that wait to be delivered again, and that are done with. */
  readonly acquired: number;
  readonly available: number;
  readonly completed: number;
  /** From `start` on, neighbours in the same state in one; the first ones, and how many more there are. */
  readonly runs: readonly ShareRun[];
  readonly moreRuns: number;
}

export interface ShareRun {
  readonly first: number;
  readonly last: number;
  readonly state: 'Available' | 'Acquired' | 'Acknowledged' | 'Archived';
  /** How often they have been delivered. */
  readonly deliveries: number;
  /** Who has them, '' for nobody. */
  readonly node: NodeId;
  /** When their lock is over, −1 without one. */
  readonly lockedUntil: SimTime;
}

export interface GroupMember {
  readonly memberId: string;
  /** Index of the stream thread that is the member; left out: it is no application's. */
  readonly thread?: number;
  readonly node: NodeId;
  /** Its epoch as the coordinator has it; under the classic protocol the generation that the member believes in. */
  readonly epoch: number;
  /** By which it fetches (KIP-227), by broker; absent if there are none. */
  readonly sessions?: readonly FetchSessionFacts[];
  /** What it believes to own. */
  readonly owned: readonly TopicPartitionName[];
  /** What it was given, without what it has to give up. */
  readonly assigned: readonly TopicPartitionName[];
  /** It has to give these up. */
  readonly giving: readonly TopicPartitionName[];
  /** It is to have these, and does not own them yet. */
  readonly coming: readonly TopicPartitionName[];
}

/** A fetch session as its reader has it. */
export interface FetchSessionFacts {
  readonly broker: BrokerId;
  readonly id: number;
  /** Of the next fetch. */
  readonly epoch: number;
  /** That the broker knows of. */
  readonly partitions: number;
}

export interface GroupPartition {
  readonly name: TopicPartitionName;
  /** Node that owns it by its own knowledge, '' if nobody. */
  readonly owner: NodeId;
  /** Next offset that the owner reads, −1 if nobody. */
  readonly position: number;
  /** −1 without a commit. */
  readonly committed: number;
  /** High watermark of the leader, −1 without a leader. */
  readonly end: number;
  /** Records from `position` (or `committed` without an owner) to `end`. */
  readonly lag: number;
  /** Age of the oldest unread record by append time, in simulated ms; 0 without lag. */
  readonly lagMs: number;
  readonly recordsPerSecond: number;
}
