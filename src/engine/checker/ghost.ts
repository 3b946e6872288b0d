import { AppendList } from '../base/append-list.ts';
import { CowTree } from '../base/cow-tree.ts';
import type { BatchView } from '../api/views/log.ts';
import type { PartitionPlace, QuorumRole } from '../api/cluster-view.ts';
import type { SendOutcome, SentCommitView } from '../api/views/client.ts';
import type { ShareRunView } from '../api/views/share.ts';
import type { TransactionView } from '../api/views/group.ts';
import type { BrokerId, NodeId, TopicPartitionName } from '../api/ids.ts';
import type { SimTime } from '../base/time.ts';
import type { ProcessingGhost } from './processing-ghost.ts';
import type { ApplicationBook } from './application-book.ts';
import { RowBook } from './row-book.ts';
import type { ServiceGhost } from './services.ts';
import type { Outcasts } from './outcasts.ts';
import type { Violation } from './violation.ts';

/** Records that an application was too late to count, a record as often as it lies in windows. */
export interface LateRecords {
  /** As often as they were dropped: what was taken back, or done again after a crash, may be dropped again. */
  drops: number;
  /** Each counted once. */
  records: number;
  /** Partition → the last of its offsets that was dropped. */
  readonly last: Map<TopicPartitionName, number>;
}

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
  /** Newest trace event in which tasks were looked for; −1: none yet. */
  tasksTrace: number;
  /** What applications have committed, by their ids, see `application-book.ts`. */
  readonly books: Map<string, ApplicationBook>;
  readonly outcasts: Outcasts;
  /** What came too late for its windows, by application. */
  readonly late: Map<string, LateRecords>;
  /** Partitions of which a replica changed since the last periodical look. */
  readonly changed: Set<TopicPartitionName>;
  /** `ClusterView.groupsVersion` when groups were looked at last. */
  groupsVersion: number;
  /** Whether the rules are asked that a calm run of plain parts cannot break, see `further.ts`. */
  isFurther: boolean;
  readonly quorum: QuorumGhost;
  /** Offset of the metadata that was looked at last. */
  metadataOffset: number;
  /** Newest epoch of each broker. */
  readonly brokerEpochs: Map<BrokerId, number>;
  readonly transactions: TransactionsGhost;
  readonly readers: Map<NodeId, ReaderGhost>;
  /** Where share groups stood, by group and partition. */
  readonly shares: Map<string, ShareGhost>;
  /** What groups have done with the rows of tapes, by group. */
  readonly processing: Map<string, ProcessingGhost>;
  /** Up to where somebody has asked to delete records, by partition. */
  readonly deletions: Map<TopicPartitionName, number>;
  /** Services outside of the cluster, by name. */
  readonly services: Map<string, ServiceGhost>;
  /** Logs that were cleaned since the last periodical look: the machine and the partition. */
  readonly cleaned: Set<string>;
  readonly violations: Violation[];
  /** Number of the invariant and subject of what was reported. */
  readonly reported: Set<string>;
}

/** What is known of the metadata quorum. */
export interface QuorumGhost {
  /** Who was seen to lead, or was named to, in each epoch. */
  readonly leaders: Map<number, number>;
  /** Greatest high watermark of any leader. */
  highWatermark: number;
  /** What was ever seen below the high watermark of a controller, oldest first. */
  readonly committed: AppendList<BatchView>;
  committedEnd: number;
  readonly controllers: Map<NodeId, SeenController>;
}

/** A controller when it was looked at last. */
export interface SeenController {
  incarnation: number;
  role: QuorumRole;
  epoch: number;
  leaderId: number;
  storedEpoch: number;
  storedVote: number;
  highWatermark: number;
  /** Batches below have been compared with what is committed. */
  comparedTo: number;
}

/** What the coordinators of transactions have stored. */
export interface TransactionsGhost {
  /** Newest stored state, by transactional id and by producer id. Frozen values. */
  readonly byId: Map<string, TransactionView>;
  readonly byProducer: Map<number, TransactionView>;
  /** By producer id: the epoch that the last transaction left behind when it had ended. */
  readonly settledEpochs: Map<number, number>;
  /** How the transaction of a producer id and epoch ended, by `id/epoch`; only where epochs are not used again. */
  readonly ends: Map<string, 'COMMIT' | 'ABORT'>;
  /** The life that was seen to hold a producer id and epoch. */
  readonly holders: Map<string, string>;
}

/** A transaction that is open in a partition. Frozen. */
export interface OpenTransaction {
  readonly epoch: number;
  readonly first: number;
  readonly since: SimTime;
}

/** A transaction that a marker has ended in a partition. Frozen. */
export interface EndedTransaction {
  readonly producerId: number;
  readonly first: number;
  /** Offset of the marker. */
  readonly last: number;
  readonly aborted: boolean;
}

/** Where a share group stood in a partition when it was looked at last. */
export interface ShareGhost {
  leaderEpoch: number;
  stateEpoch: number;
  startOffset: number;
  /** The greatest start before which everything was done with. */
  passed: number;
  runs: readonly ShareRunView[];
}

/** What an application was given. */
export interface ReaderGhost {
  /** Life, generation and how often it went back: what was read in another one may be read again. */
  session: string;
  /** Records that it had been given at the last look; −1 before. */
  given: number;
  /** Next offset by partition. */
  readonly next: Map<TopicPartitionName, number>;
  /** The last batch that it was given of each partition. */
  readonly last: Map<TopicPartitionName, BatchView>;
  /** Tokens of commits under way that were too late when they were sent. */
  readonly stale: Map<number, SentCommitView>;
  /** Tokens of all commits under way. */
  underWay: readonly number[];
}

/** A partition as the outside world may know it. */
export interface PartitionGhost extends PartitionPlace {
  /** Empty until a replica is seen. */
  topicId: string;
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
  /** Producers that a broker has forgotten as it may, because their records are so old: any sequence is new to it. */
  readonly forgotten: Set<number>;
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
  /** Open transactions by producer id, and those that have ended, by the offset of their markers. */
  readonly open: Map<number, OpenTransaction>;
  readonly ended: AppendList<EndedTransaction>;
  /** The ISR as the controller had it at the last look; undefined before. */
  isr: readonly BrokerId[] | undefined;
  /** Counted records that no application can count: they have no key to be counted by. */
  unkeyed: number;
  readonly passes: CleanerPasses;
  /** Records below were deleted as they may be. */
  deletedTo: number;
}

/** What the cleaners of all replicas of a partition have done. */
export interface CleanerPasses {
  /** When the newest pass began, ms since 1970. */
  lastMs: number;
  /** Tombstones below were met by a pass so long ago that they may be gone. */
  freeTo: number;
  /** Passes after which tombstones still have to stay, by how far they came and by their time. Frozen values. */
  recent: readonly CleanerPass[];
}

export interface CleanerPass {
  /** One beyond the last offset that it has looked at. */
  readonly to: number;
  /** From when on the tombstones that it has met may go, ms since 1970. */
  readonly untilMs: number;
}

export interface NextSequence {
  readonly epoch: number;
  readonly next: number;
  /** The batch before. */
  readonly last: BatchView;
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
  /** This life has ended with the power of its machine. */
  lostPower: boolean;
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
  /** One beyond the last record that was safe from a loss of power. */
  flushedEnd: number;
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

export const newGhost = (isFurther: boolean): Ghost => ({
  events: 0,
  trace: 0,
  partitions: new Map(),
  brokers: new Map(),
  producers: new Map(),
  commits: new Map(),
  tasksTrace: -1,
  books: new Map(),
  outcasts: { joined: new Set(), dead: new Map(), of: new Set() },
  late: new Map(),
  changed: new Set(),
  groupsVersion: -1,
  isFurther,
  quorum: {
    leaders: new Map(),
    highWatermark: 0,
    committed: new AppendList(),
    committedEnd: 0,
    controllers: new Map(),
  },
  metadataOffset: -1,
  brokerEpochs: new Map(),
  transactions: {
    byId: new Map(),
    byProducer: new Map(),
    settledEpochs: new Map(),
    ends: new Map(),
    holders: new Map(),
  },
  readers: new Map(),
  shares: new Map(),
  processing: new Map(),
  deletions: new Map(),
  services: new Map(),
  cleaned: new Set(),
  violations: [],
  reported: new Set(),
});

const newPartition = ({ topic, partition, name }: PartitionPlace): PartitionGhost => ({
  topic,
  partition,
  name,
  topicId: '',
  leaders: new Map(),
  committed: new AppendList(),
  committedEnd: 0,
  highestWatermark: 0,
  sequences: new Map(),
  forgotten: new Set(),
  acks: new AppendList(),
  openAcks: new Map(),
  holding: { key: '', end: 0, last: undefined, acks: 0, lost: 0 },
  counted: 0,
  counts: new CowTree(),
  countSum: 0,
  open: new Map(),
  ended: new AppendList(),
  isr: undefined,
  unkeyed: 0,
  passes: { lastMs: 0, freeTo: 0, recent: [] },
  deletedTo: 0,
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
