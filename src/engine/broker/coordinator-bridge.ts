import type { CoordinatorHost } from '../coordinator/coordinator-host.ts';
import {
  onGroupTimer,
  onHighWatermarkUpdated,
  onTransactionMarker,
} from '../coordinator/group/group-coordinator.ts';
import { GROUP_TIMER_PREFIX, type GroupTimer } from '../coordinator/group/group-timer.ts';
import { beginLoading, finishLoading, loadBatch, unload } from '../coordinator/group/shard-lifecycle.ts';
import { groupOverrides } from '../metadata/metadata-image.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { batchOf, type RecordBatch } from '../protocol/record-batch.ts';
import type { Broker } from './broker-memory.ts';
import { appendForCoordinator } from './coordinator-append.ts';
import { batchesOf, loadedReplica, takesTimeToLoad, type LoadingPartition } from './coordinator-loading.ts';
import { COORDINATOR_TOPIC, SHARE_STATE_TOPIC, TRANSACTION_TOPIC } from './coordinator-topic.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';
import { respond } from './requests.ts';
import {
  changeShares,
  deleteShares,
  initializeShares,
  finishLoadingShares,
  loadShareCoordinator,
  tellShareStateLog,
  unloadShareCoordinator,
} from './share-bridge.ts';
import { trace } from './trace.ts';
import {
  finishLoadingTransactions,
  loadTransactionCoordinator,
  tellTransactionLog,
  unloadTransactionCoordinator,
} from './transaction-bridge.ts';

/** What the group coordinator may do to its broker. Made anew for every call. */
export function hostOf(broker: Broker, verificationGuard?: number): CoordinatorHost {
  const { memory, context } = broker;
  const { image } = memory;
  return {
    config: memory.config,
    partitionCount:
      image.topics.get(COORDINATOR_TOPIC)?.partitions.length ?? memory.config['offsets.topic.num.partitions'],
    topics: {
      nameOf: (topicId) => image.topicNames.get(topicId),
      idOf: (name) => image.topics.get(name)?.topicId,
      hasPartition: (name, partition) => image.topics.get(name)?.partitions[partition] !== undefined,
      partitionCount: (name) => image.topics.get(name)?.partitions.length ?? 0,
      names: () => [...image.topics.keys()].sort(),
    },
    groupConfig: (groupId) => groupOverrides(image, groupId),
    now: () => context.now(),
    wallClockMs: () => context.wallClockMs(),
    prng: (stream) => context.prng(stream),
    append: (partition, records, transaction) => {
      const batch = batchOf(
        records,
        transaction === undefined ? {} : { ...transaction, isTransactional: true },
      );
      return appendForCoordinator(broker, { topic: COORDINATOR_TOPIC, partition }, batch, verificationGuard);
    },
    answer: (token, body) => respond(broker, token, body as never),
    setTimer: (name, delay, data) => context.setTimer(name, delay, data),
    cancelTimer: (name) => context.cancelTimer(name),
    trace: (data) => trace(broker, data),
    initializeShares: (groupId, stateEpoch, partitions) =>
      initializeShares(broker, groupId, stateEpoch, partitions),
    deleteShares: (groupId, partitions) => deleteShares(broker, groupId, partitions),
    changeShares: (change) => changeShares(broker, change),
  };
}

/** This broker leads a coordinator's partition now: groups and transactions are read from the log. */
export function loadCoordinator(broker: Broker, replica: Replica): void {
  if (replica.topic === TRANSACTION_TOPIC) loadTransactionCoordinator(broker, replica);
  if (replica.topic === SHARE_STATE_TOPIC) loadShareCoordinator(broker, replica);
  if (replica.topic !== COORDINATOR_TOPIC) return;
  const { coordinator } = broker.memory;
  const { partition, leaderEpoch, log } = replica;
  const host = hostOf(broker);
  beginLoading(coordinator, host, partition, leaderEpoch);
  for (const batch of batchesOf(broker, replica)) loadBatch(coordinator, partition, batch);
  if (!takesTimeToLoad(broker, replica)) finishLoading(coordinator, host, partition, log.highWatermark);
}

/** The log of a coordinator's partition has been read to its end. */
export function onCoordinatorLoaded(broker: Broker, loading: LoadingPartition): void {
  const replica = loadedReplica(broker, loading);
  if (replica === undefined) return;
  const { partition, log } = replica;
  if (replica.topic === TRANSACTION_TOPIC) finishLoadingTransactions(broker, replica);
  else if (replica.topic === SHARE_STATE_TOPIC) finishLoadingShares(broker, replica);
  else finishLoading(broker.memory.coordinator, hostOf(broker), partition, log.highWatermark);
}

export function unloadCoordinator(broker: Broker, replica: Replica): void {
  if (replica.topic === TRANSACTION_TOPIC) unloadTransactionCoordinator(broker, replica);
  if (replica.topic === SHARE_STATE_TOPIC) unloadShareCoordinator(broker, replica);
  if (replica.topic === COORDINATOR_TOPIC)
    unload(broker.memory.coordinator, hostOf(broker), replica.partition);
}

export const isCoordinatorTimer = (name: string): boolean => name.startsWith(GROUP_TIMER_PREFIX);

export function onCoordinatorTimer(broker: Broker, timer: GroupTimer): void {
  onGroupTimer(broker.memory.coordinator, hostOf(broker), timer);
}

/** Tells the coordinator how far its partition is committed. */
export function tellHighWatermark(broker: Broker, replica: Replica): void {
  const { memory } = broker;
  const { topic, topicId, partition, log } = replica;
  if (replicaOf(memory, topicId, partition) !== replica || !isLeader(replica)) return;
  if (topic === TRANSACTION_TOPIC) tellTransactionLog(broker, replica);
  else if (topic === SHARE_STATE_TOPIC) tellShareStateLog(broker, replica);
  else onHighWatermarkUpdated(memory.coordinator, hostOf(broker), partition, log.highWatermark);
}

/** Whether the group coordinator can take a marker for its partition: an error code. */
export function checkTransactionMarker({ memory }: Broker, { topic, partition }: Replica): number {
  if (topic !== COORDINATOR_TOPIC || memory.coordinator.shards.get(partition)?.status === 'active')
    return NONE;
  // Transaction coordinators understand this one.
  return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
}

/** A marker was appended: pending offsets of its producer take effect, or are dropped. */
export function replayTransactionMarker(
  broker: Broker,
  { topic, partition }: Replica,
  batch: RecordBatch,
  offset: number,
): void {
  if (topic !== COORDINATOR_TOPIC) return;
  onTransactionMarker(broker.memory.coordinator, hostOf(broker), partition, { batch, offset });
}
