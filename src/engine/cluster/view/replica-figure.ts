import type {
  AbortedView,
  EpochStart,
  LogView,
  ProducerStateView,
  ReplicaView,
  RetentionView,
} from '../../api/views/log.ts';
import type { BrokerId, TopicPartitionName } from '../../api/ids.ts';
import type { Replica } from '../../broker/replica.ts';
import { ensure } from '../../base/assert.ts';
import { findRecordsFile } from '../../log/log-files.ts';
import { lastStableOffset, logSizeInBytes, type PartitionLog } from '../../log/partition-log.ts';
import type { DiskState } from '../../sim/disk.ts';
import { StoredLog } from './stored-log.ts';

const NO_SEQUENCE = -1;
const KEPT: RetentionView = Object.freeze({ ms: -1, bytes: -1 });

/** A live look at a replica in a broker's memory. */
export class ReplicaFigure implements ReplicaView {
  readonly topic: string;
  readonly partition: number;
  readonly name: TopicPartitionName;
  private readonly replica: Replica;
  private readonly disk: DiskState;
  /** Of which log `stored` was made: a replica that moves to another directory gets another one. */
  private log: PartitionLog | undefined = undefined;
  private stored: LogView | undefined = undefined;

  constructor(replica: Replica, disk: DiskState) {
    this.topic = replica.topic;
    this.partition = replica.partition;
    this.name = replica.name;
    this.replica = replica;
    this.disk = disk;
  }

  get records(): LogView {
    const { log } = this.replica;
    if (this.stored === undefined || this.log !== log) {
      this.log = log;
      const file = ensure(findRecordsFile(this.disk, log.partition), 'file of a replica');
      this.stored = new StoredLog(this.disk, log.partition, file);
    }
    return this.stored;
  }

  get role(): 'leader' | 'follower' {
    return this.replica.role;
  }

  get topicId(): string {
    return this.replica.topicId;
  }

  get leaderEpoch(): number {
    return this.replica.leaderEpoch;
  }

  get isr(): readonly BrokerId[] {
    return this.replica.isr;
  }

  get partitionEpoch(): number {
    return this.replica.partitionEpoch;
  }

  get maximalIsr(): readonly BrokerId[] {
    const { isr, pendingIsr } = this.replica;
    return pendingIsr === null ? isr : [...new Set([...isr, ...pendingIsr])];
  }

  get minInsyncReplicas(): number {
    return this.replica.minInsyncReplicas;
  }

  get retention(): RetentionView {
    const { config } = this.replica.log;
    return config['cleanup.policy'].includes('delete')
      ? { ms: config['retention.ms'], bytes: config['retention.bytes'] }
      : KEPT;
  }

  get sizeInBytes(): number {
    return logSizeInBytes(this.replica.log);
  }

  get deleteRetentionMs(): number {
    return this.replica.log.config['delete.retention.ms'];
  }

  get logStart(): number {
    return this.replica.log.logStartOffset;
  }

  get highWatermark(): number {
    return this.replica.log.highWatermark;
  }

  get logEnd(): number {
    return this.replica.log.logEndOffset;
  }

  get lastStable(): number {
    return lastStableOffset(this.replica.log);
  }

  get aborted(): readonly AbortedView[] {
    return this.replica.log.aborted;
  }

  get epochs(): readonly EpochStart[] {
    return this.replica.log.epochs;
  }

  visitProducers(visit: (state: ProducerStateView) => void): void {
    for (const { producerId, producerEpoch, batches } of this.replica.log.producers.producers.values()) {
      const newest = batches.at(-1);
      const lastSequence = newest?.lastSequence ?? NO_SEQUENCE;
      visit({ producerId, producerEpoch, lastSequence, lastOffset: newest?.lastOffset ?? -1 });
    }
  }
}
