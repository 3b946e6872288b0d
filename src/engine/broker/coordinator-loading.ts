import type { SimDuration } from '../base/time.ts';
import { recordsOf } from '../log/partition-log.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';

export const LOADING_TIMER = 'coordinator-loading/';

/** What the reading of one record of a coordinator's log takes, unless the scenario says otherwise. */
const MICROS: SimDuration = 10;

/** A coordinator's partition that is being read. Frozen. */
export interface LoadingPartition {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly leaderEpoch: number;
}

/** What lies in a coordinator's log. */
export const batchesOf = ({ context }: Broker, { log }: Replica): Iterable<RecordBatch> =>
  recordsOf(log, context).entries as Iterable<RecordBatch>;

/** Reads a coordinator's log, which takes time for each record. Returns whether it does: a timer rings at the end. */
export function takesTimeToLoad(broker: Broker, replica: Replica): boolean {
  const { memory, context } = broker;
  let records = 0;
  for (const batch of batchesOf(broker, replica)) records += batch.records.count;
  const micros = records * (memory.settings.coordinatorLoadMicros ?? MICROS);
  if (micros === 0) return false;
  const { topicId, partition, leaderEpoch, name } = replica;
  const loading: LoadingPartition = Object.freeze({ topicId, partition, leaderEpoch });
  context.setTimer(LOADING_TIMER + name, micros, loading);
  return true;
}

/** The partition whose log was read, if this broker still leads it in the same epoch. */
export function loadedReplica(
  { memory }: Broker,
  { topicId, partition, leaderEpoch }: LoadingPartition,
): Replica | undefined {
  const replica = replicaOf(memory, topicId, partition);
  return replica !== undefined && isLeader(replica) && replica.leaderEpoch === leaderEpoch
    ? replica
    : undefined;
}
