import type { BrokerFacts } from '../api/entities/node.ts';
import type { BrokerId, TopicPartitionName } from '../api/ids.ts';
import { logSizeInBytes, type PartitionLog } from '../log/partition-log.ts';
import type { BrokerMemory } from './broker-memory.ts';
import { limitedConnections } from './connection-limits.ts';
import { allReplicas, isLeader } from './replica.ts';

/** A replica as its own broker sees it, for checkers and frames. Read only. */
export interface ReplicaFacts {
  readonly topic: string;
  readonly partition: number;
  readonly name: TopicPartitionName;
  readonly role: 'leader' | 'follower';
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly logStart: number;
  readonly highWatermark: number;
  readonly logEnd: number;
  readonly isr: readonly BrokerId[];
  /** It holds to a rate in the role that it has. */
  readonly throttled: boolean;
  /** Its batches are entries of the file `recordsFile(disk, log.partition)` of the node's disk. */
  readonly log: PartitionLog;
}

/** By topic in order of creation, then partition. */
export function replicaFacts(memory: BrokerMemory): ReplicaFacts[] {
  return [...allReplicas(memory)].map((replica) => ({
    topic: replica.topic,
    partition: replica.partition,
    name: replica.name,
    role: replica.role,
    leader: replica.leader,
    leaderEpoch: replica.leaderEpoch,
    partitionEpoch: replica.partitionEpoch,
    logStart: replica.log.logStartOffset,
    highWatermark: replica.log.highWatermark,
    logEnd: replica.log.logEndOffset,
    isr: replica.isr,
    throttled: replica.throttled.includes(replica.role),
    log: replica.log,
  }));
}

/** What a broker says of itself; `fenced` is what the controller told it last. */
export function brokerFacts(memory: BrokerMemory): BrokerFacts {
  const { settings, lifecycle, requests, acceptor } = memory;
  let leads = 0;
  let replicas = 0;
  let bytesStored = 0;
  for (const replica of allReplicas(memory)) {
    replicas += 1;
    if (isLeader(replica)) leads += 1;
    bytesStored += logSizeInBytes(replica.log);
  }
  const { brokerEpoch, fenced, lastHeartbeatAt } = lifecycle;
  const { brokerId } = settings;
  const connections =
    acceptor === null ? { accepted: requests.channels.size } : limitedConnections(requests, acceptor);
  return { brokerId, brokerEpoch, fenced, leads, replicas, lastHeartbeatAt, bytesStored, connections };
}

/** Whether an orderly stop is under way. */
export const isStopping = ({ lifecycle }: BrokerMemory): boolean => lifecycle.stopping;
