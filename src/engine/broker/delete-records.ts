import { millis } from '../base/time.ts';
import { incrementLogStart } from '../log/retention.ts';
import type { DeleteRecordsRequest } from '../protocol/delete-records.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Broker, DelayedDelete, DelayedDeletePartition } from './broker-memory.ts';
import { isInternalTopic } from './coordinator-topic.ts';
import { completeDelete, settle } from './delayed-delete.ts';
import { armPurgatory } from './purgatory.ts';
import { absenceByName, isLeader, replicaByName } from './replica.ts';
import type { Incoming } from './requests.ts';

/** Stands for the high watermark. */
const ALL_COMMITTED = -1;

/** Moves the start of logs up, and answers when all replicas that are there have done so. */
export function handleDeleteRecords(broker: Broker, { token, body }: Incoming<'DeleteRecords'>): void {
  const partitions = lastWanted(body).map(({ name, partitionIndex, offset }) =>
    deleteFrom(broker, name, partitionIndex, offset),
  );
  const deadline = broker.context.now() + millis(Math.max(body.timeoutMs, 0));
  const delayed: DelayedDelete = { deadline, partitions };
  if (settle(broker, delayed)) {
    completeDelete(broker, token, delayed);
    return;
  }
  broker.memory.purgatory.deletes.set(token, delayed);
  armPurgatory(broker, 'deletes', deadline);
}

interface WantedStart {
  readonly name: string;
  readonly partitionIndex: number;
  readonly offset: number;
}

/** Of a partition that is named several times the last counts. */
function lastWanted({ topics }: DeleteRecordsRequest): WantedStart[] {
  const wanted = new Map<string, WantedStart>();
  for (const { name, partitions } of topics)
    for (const partition of partitions)
      wanted.set(`${name}-${partition.partitionIndex}`, { name, ...partition });
  return [...wanted.values()];
}

function deleteFrom(
  { memory, context }: Broker,
  topic: string,
  partition: number,
  wanted: number,
): DelayedDeletePartition {
  const topicId = memory.image.topics.get(topic)?.topicId ?? '';
  const replica = replicaByName(memory, topic, partition);
  const entry = { topic, topicId, partition, requiredOffset: -1, lowWatermark: -1 };
  const failed = (errorCode: number): DelayedDeletePartition => ({ ...entry, errorCode, settled: true });
  if (memory.image.topics.get(topic)?.partitions[partition] === undefined)
    return failed(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
  if (isInternalTopic(topic)) return failed(ERROR_CODES.INVALID_TOPIC_EXCEPTION);
  if (replica === undefined) return failed(absenceByName(memory, topic, partition));
  if (!isLeader(replica)) return failed(ERROR_CODES.NOT_LEADER_OR_FOLLOWER);
  const { log } = replica;
  if (!log.config['cleanup.policy'].includes('delete')) return failed(ERROR_CODES.POLICY_VIOLATION);
  const offset = wanted === ALL_COMMITTED ? log.highWatermark : wanted;
  if (offset < 0) return failed(ERROR_CODES.OFFSET_OUT_OF_RANGE);
  const errorCode = incrementLogStart(log, context, offset);
  return errorCode === NONE
    ? { ...entry, requiredOffset: offset, errorCode: NONE, settled: false }
    : failed(errorCode);
}
