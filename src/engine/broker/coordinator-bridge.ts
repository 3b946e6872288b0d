import type { CoordinatorHost } from '../coordinator/coordinator-host.ts';
import { onHighWatermarkUpdated, onGroupTimer } from '../coordinator/group/group-coordinator.ts';
import { GROUP_TIMER_PREFIX, type GroupTimer } from '../coordinator/group/group-timer.ts';
import { beginLoading, finishLoading, loadBatch, unload } from '../coordinator/group/shard-lifecycle.ts';
import { err, ok, type Result } from '../base/result.ts';
import { appendAsLeader } from '../log/append.ts';
import { recordsOf } from '../log/partition-log.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import { batchOf, type RecordBatch, type SimpleRecord } from '../protocol/record-batch.ts';
import type { Broker } from './broker-memory.ts';
import { COORDINATOR_TOPIC } from './coordinator-topic.ts';
import { isLeader, isUnderMinIsr, replicaByName, type Replica } from './replica.ts';
import { respond } from './requests.ts';
import { trace } from './trace.ts';

/** What the group coordinator may do to its broker. Made anew for every call. */
export function hostOf(broker: Broker): CoordinatorHost {
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
    },
    now: () => context.now(),
    wallClockMs: () => context.wallClockMs(),
    prng: (stream) => context.prng(stream),
    append: (partition, records) => appendForCoordinator(broker, partition, records),
    answer: (token, body) => respond(broker, token, body as never),
    setTimer: (name, delay, data) => context.setTimer(name, delay, data),
    cancelTimer: (name) => context.cancelTimer(name),
    trace: (data) => trace(broker, data),
  };
}

function appendForCoordinator(
  broker: Broker,
  partition: number,
  records: readonly SimpleRecord[],
): Result<number, number> {
  const replica = replicaByName(broker.memory, COORDINATOR_TOPIC, partition);
  if (replica === undefined || !isLeader(replica)) return err(ERROR_CODES.NOT_LEADER_OR_FOLLOWER);
  if (isUnderMinIsr(replica)) return err(ERROR_CODES.NOT_ENOUGH_REPLICAS);
  const { leaderEpoch, log } = replica;
  const result = appendAsLeader(log, broker.context, batchOf(records), {
    leaderEpoch,
    origin: 'coordinator',
  });
  if (!result.ok) return err(result.error.errorCode);
  broker.memory.grownCoordinatorPartitions.push(partition);
  return ok(result.value.lastOffset + 1);
}

/** This broker leads a partition of `__consumer_offsets` now: its groups are read from the log. */
export function loadCoordinator(broker: Broker, replica: Replica): void {
  if (replica.topic !== COORDINATOR_TOPIC) return;
  const { coordinator } = broker.memory;
  const { partition, leaderEpoch, log } = replica;
  const host = hostOf(broker);
  beginLoading(coordinator, host, partition, leaderEpoch);
  for (const batch of recordsOf(log, broker.context).entries)
    loadBatch(coordinator, partition, batch as RecordBatch);
  finishLoading(coordinator, host, partition, log.highWatermark);
}

export function unloadCoordinator(broker: Broker, replica: Replica): void {
  if (replica.topic === COORDINATOR_TOPIC)
    unload(broker.memory.coordinator, hostOf(broker), replica.partition);
}

export const isCoordinatorTimer = (name: string): boolean => name.startsWith(GROUP_TIMER_PREFIX);

export function onCoordinatorTimer(broker: Broker, timer: GroupTimer): void {
  onGroupTimer(broker.memory.coordinator, hostOf(broker), timer);
}

/** Tells the coordinator how far its partition is committed. */
export function tellHighWatermark(broker: Broker, partition: number): void {
  const replica = replicaByName(broker.memory, COORDINATOR_TOPIC, partition);
  if (replica === undefined || !isLeader(replica)) return;
  onHighWatermarkUpdated(broker.memory.coordinator, hostOf(broker), partition, replica.log.highWatermark);
}
