import type { EpochStart, LogView, ProducerStateView, ReplicaView } from '../../api/cluster-view.ts';
import type { BrokerId, TopicPartitionName } from '../../api/ids.ts';
import type { Replica } from '../../broker/replica.ts';

const NO_SEQUENCE = -1;

/** A live look at a replica in a broker's memory. */
export class ReplicaFigure implements ReplicaView {
  readonly topic: string;
  readonly partition: number;
  readonly name: TopicPartitionName;
  readonly records: LogView;
  private readonly replica: Replica;

  constructor(replica: Replica, records: LogView) {
    this.topic = replica.topic;
    this.partition = replica.partition;
    this.name = replica.name;
    this.records = records;
    this.replica = replica;
  }

  get role(): 'leader' | 'follower' {
    return this.replica.role;
  }

  get leaderEpoch(): number {
    return this.replica.leaderEpoch;
  }

  get isr(): readonly BrokerId[] {
    return this.replica.isr;
  }

  get minInsyncReplicas(): number {
    return this.replica.minInsyncReplicas;
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
