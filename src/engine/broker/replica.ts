import type { SimTime } from '../base/time.ts';
import type { TopicPartitionName } from '../api/ids.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { isActive } from '../metadata/metadata-image.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';

/** Which end of the copying of a partition. */
export type ThrottledSide = 'leader' | 'follower';

/** A partition as one of its replicas' brokers has it (`kafka.cluster.Partition`). */
export interface Replica {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly name: TopicPartitionName;
  /** Another one takes its place when the replica moves to another directory. */
  log: PartitionLog;
  role: 'leader' | 'follower';
  /** −1: nobody leads. */
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
  /** Where the log ended when this broker began to lead; −1 on a follower. */
  leaderEpochStartOffset: number;
  assignment: readonly number[];
  /** The committed one: as the controller has it. */
  isr: readonly number[];
  /** What the controller was asked for. */
  pendingIsr: readonly number[] | null;
  /** min.insync.replicas, at most the number of replicas. */
  minInsyncReplicas: number;
  /** On which sides of its copying it holds to a rate (KIP-73). */
  throttled: readonly ThrottledSide[];
  /** What the leader knows of the others, by broker. */
  readonly remotes: Map<number, RemoteReplica>;
  /** Tokens of delayed produces that wait for something to happen here. */
  produceWatch: number[];
}

/** A follower as its leader knows it from its fetches (`kafka.cluster.Replica`). */
export interface RemoteReplica {
  readonly brokerId: number;
  /** Offset of its last fetch; −1 before the first. */
  logEndOffset: number;
  logStartOffset: number;
  /** The leader's log end when it fetched last. */
  lastFetchLeaderLogEndOffset: number;
  lastFetchAt: SimTime;
  lastCaughtUpAt: SimTime;
  /** Of its last fetch; −1 unknown. */
  brokerEpoch: number;
}

export const UNKNOWN_OFFSET = -1;

/** Long before any time: not caught up. */
const NEVER: SimTime = Number.MIN_SAFE_INTEGER;

export const newRemote = (brokerId: number, now: SimTime, inSync: boolean): RemoteReplica => ({
  brokerId,
  logEndOffset: UNKNOWN_OFFSET,
  logStartOffset: UNKNOWN_OFFSET,
  lastFetchLeaderLogEndOffset: UNKNOWN_OFFSET,
  lastFetchAt: NEVER,
  lastCaughtUpAt: inSync ? now : NEVER,
  brokerEpoch: -1,
});

export const replicaOf = (memory: BrokerMemory, topicId: Uuid, partition: number): Replica | undefined =>
  memory.replicas.get(topicId)?.get(partition);

/** As {@link replicaOf}, for many in a row: those of one topic mostly follow each other. */
export function replicaFinder({
  replicas,
}: BrokerMemory): (topicId: Uuid, partition: number) => Replica | undefined {
  let newest: Uuid | undefined;
  let ofTopic: ReadonlyMap<number, Replica> | undefined;
  return (topicId, partition) => {
    if (topicId !== newest) {
      newest = topicId;
      ofTopic = replicas.get(topicId);
    }
    return ofTopic?.get(partition);
  };
}

export function replicaByName(memory: BrokerMemory, topic: string, partition: number): Replica | undefined {
  const topicId = memory.image.topics.get(topic)?.topicId;
  return topicId === undefined ? undefined : replicaOf(memory, topicId, partition);
}

/** Why there is no replica here: its directory failed, or it is elsewhere. */
export const absence = ({ directories }: BrokerMemory, topicId: Uuid, partition: number): number =>
  directories?.offline.get(topicId)?.has(partition) === true
    ? ERROR_CODES.KAFKA_STORAGE_ERROR
    : ERROR_CODES.NOT_LEADER_OR_FOLLOWER;

export const absenceByName = (memory: BrokerMemory, topic: string, partition: number): number =>
  absence(memory, memory.image.topics.get(topic)?.topicId ?? '', partition);

/** All replicas of the broker, by topic in order of creation, then partition. */
export function* allReplicas(memory: BrokerMemory): Generator<Replica> {
  for (const partitions of memory.replicas.values()) yield* partitions.values();
}

export const isCompacted = ({ log }: Replica): boolean => log.config['cleanup.policy'].includes('compact');

/** It is being copied to another directory: its log is not cleaned meanwhile (`LogManager.abortAndPauseCleaning`). */
export const isMoving = ({ directories }: BrokerMemory, { name }: Replica): boolean =>
  directories?.futures.has(name) === true;

export const isLeader = (replica: Replica): boolean => replica.role === 'leader';

/** Whoever may be in the ISR as far as the leader knows: removals do not count before they are confirmed, additions do. */
export function isInMaximalIsr(replica: Replica, brokerId: number): boolean {
  return replica.isr.includes(brokerId) || (replica.pendingIsr?.includes(brokerId) ?? false);
}

export const maximalIsrSize = ({ isr, pendingIsr }: Replica): number =>
  pendingIsr === null ? isr.length : isr.length + pendingIsr.filter((id) => !isr.includes(id)).length;

export const isUnderMinIsr = (replica: Replica): boolean => replica.isr.length < replica.minInsyncReplicas;

/** A follower is caught up if it has everything, or had everything not longer ago than `lagMax`. */
export const isCaughtUp = (
  remote: RemoteReplica,
  leaderLogEnd: number,
  now: SimTime,
  lagMax: number,
): boolean => remote.logEndOffset === leaderLogEnd || now - remote.lastCaughtUpAt <= lagMax;

/** Whether the controller would take it into an ISR: alive, staying, and the incarnation that fetches (KIP-903). */
export function isIsrEligible({ memory }: Broker, remote: RemoteReplica): boolean {
  if (!isActive(memory.image, remote.brokerId)) return false;
  const epoch = memory.image.brokers.get(remote.brokerId)?.brokerEpoch;
  return remote.brokerEpoch === -1 || remote.brokerEpoch === epoch;
}
