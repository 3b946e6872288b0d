import { AppendList } from '../base/append-list.ts';
import { CowTree } from '../base/cow-tree.ts';
import type { BatchView, PartitionPlace, SendOutcome } from '../api/cluster-view.ts';
import type { BrokerId, NodeId, TopicPartitionName } from '../api/ids.ts';
import { RowBook } from './row-book.ts';
import type { Violation } from './violation.ts';

/**
 * What the checker remembers of a run. No node can read it, and it follows the run back in time as the nodes do, so it is
 * plain data with containers that fork themselves.
 */
export interface Ghost {
  events: number;
  /** Newest trace event that was looked at. */
  trace: number;
  readonly partitions: Map<TopicPartitionName, PartitionGhost>;
  readonly brokers: Map<NodeId, BrokerGhost>;
  readonly producers: Map<NodeId, ProducerGhost>;
  /** Last committed offset by `group/partition`. Frozen values. */
  readonly commits: Map<string, SeenCommit>;
  /** Records that came too late for their windows, by application. */
  readonly late: Map<string, number>;
  /** Partitions of which a replica changed since the last periodical look. */
  readonly changed: Set<TopicPartitionName>;
  /** `ClusterView.groupsVersion` when groups were looked at last. */
  groupsVersion: number;
  readonly violations: Violation[];
  /** Number of the invariant and subject of what was reported. */
  readonly reported: Set<string>;
}

/** A partition as the outside world may know it. */
export interface PartitionGhost extends PartitionPlace {
  /** Who leads, or led, in each leader epoch. */
  readonly leaders: Map<number, BrokerId>;
  /** What was ever seen below a high watermark, oldest first; the true log that every replica has to agree with. */
  readonly committed: AppendList<BatchView>;
  /** The true high watermark: one beyond the last committed record. */
  committedEnd: number;
  /** Greatest high watermark of any replica; may lie in a gap behind `committedEnd`. */
  highestWatermark: number;
  /** Next sequence by producer id. Frozen values. */
  readonly sequences: Map<number, NextSequence>;
  /** Every send that was acknowledged with an offset, in order of the answers. */
  readonly acks: AppendList<Ack>;
  /** Those that are not committed yet, by offset. */
  readonly openAcks: Map<number, Ack>;
  readonly holding: HoldingGhost;
  /** Index of the first committed batch that the ledger has not counted. */
  counted: number;
  /** Of a changelog of counts: `key` and window → count. */
  readonly counts: CowTree<number>;
  countSum: number;
  /** Counted records that no application can count: they have no key to be counted by. */
  unkeyed: number;
}

export interface NextSequence {
  readonly epoch: number;
  readonly next: number;
}

/** An acknowledged send. Frozen. */
export interface Ack extends SendOutcome {
  readonly producer: NodeId;
  /** Life of the producer. */
  readonly incarnation: number;
  /** Newest trace event when the answer came. */
  readonly trace: number;
}

/** How many acknowledged records the present holder of a partition lacks, as last computed. */
export interface HoldingGhost {
  /** Who held it. */
  key: string;
  /** Where the holder's log ended, and its last batch. */
  end: number;
  last: BatchView | undefined;
  /** Acks looked at. */
  acks: number;
  lost: number;
}

export interface BrokerGhost {
  incarnation: number;
  readonly replicas: Map<TopicPartitionName, SeenReplica>;
}

/** A replica when it was looked at last. */
export interface SeenReplica {
  role: 'leader' | 'follower';
  leaderEpoch: number;
  logStart: number;
  highWatermark: number;
  logEnd: number;
  /** Batches below have been looked at as appended. */
  appendedTo: number;
  /** Batches below have been compared with what is committed. */
  exposedTo: number;
  /** The newest batch. */
  last: BatchView | undefined;
}

export interface ProducerGhost {
  incarnation: number;
  /** Outcomes of this life that were looked at. */
  outcomes: number;
  /** Rows handed over by all lives, and by those before this one. */
  played: number;
  playedBefore: number;
  /** Rows that only this life sent and that failed for certain. */
  failures: AppendList<SendOutcome>;
  /** Sends that were acknowledged without an offset. */
  readonly unplaced: AppendList<SendOutcome>;
  /** By row, see {@link ROW}. */
  readonly rows: RowBook;
  /** Rows with each mark. */
  acknowledged: number;
  failed: number;
  duplicated: number;
  /** Rows that were acknowledged without an offset and that no log has committed. */
  unseen: number;
}

/** What is known of a row: marks, and from `STANDING` on how often it stands in committed logs (31 at most). */
export const ROW = { acknowledged: 1, failed: 2, unplaced: 4, standing: 8 } as const;
export const STANDING_MAX = 31;

export interface SeenCommit {
  readonly generation: number;
  readonly offset: number;
}

export const newGhost = (): Ghost => ({
  events: 0,
  trace: 0,
  partitions: new Map(),
  brokers: new Map(),
  producers: new Map(),
  commits: new Map(),
  late: new Map(),
  changed: new Set(),
  groupsVersion: -1,
  violations: [],
  reported: new Set(),
});

const newPartition = ({ topic, partition, name }: PartitionPlace): PartitionGhost => ({
  topic,
  partition,
  name,
  leaders: new Map(),
  committed: new AppendList(),
  committedEnd: 0,
  highestWatermark: 0,
  sequences: new Map(),
  acks: new AppendList(),
  openAcks: new Map(),
  holding: { key: '', end: 0, last: undefined, acks: 0, lost: 0 },
  counted: 0,
  counts: new CowTree(),
  countSum: 0,
  unkeyed: 0,
});

/** What is known of a partition, made when it is first heard of. */
export function partitionGhost(ghost: Ghost, place: PartitionPlace): PartitionGhost {
  let known = ghost.partitions.get(place.name);
  if (known === undefined) {
    known = newPartition(place);
    ghost.partitions.set(place.name, known);
  }
  return known;
}

export function producerGhost(ghost: Ghost, node: NodeId): ProducerGhost {
  let known = ghost.producers.get(node);
  if (known === undefined) {
    known = {
      incarnation: 0,
      outcomes: 0,
      played: 0,
      playedBefore: 0,
      failures: new AppendList(),
      unplaced: new AppendList(),
      rows: new RowBook(),
      acknowledged: 0,
      failed: 0,
      duplicated: 0,
      unseen: 0,
    };
    ghost.producers.set(node, known);
  }
  return known;
}
