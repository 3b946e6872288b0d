import { topicPartition } from '../api/ids.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import type { AcknowledgementBatch, AcquiredRecords } from '../protocol/share-fetch.ts';
import type { StateBatch } from '../protocol/share-group-state.ts';
import type { Broker } from './broker-memory.ts';
import { RECORD_STATE, type SharePartition } from './share-partition.ts';
import { shareSessionOf } from './share-session.ts';
import { trace } from './trace.ts';

const RELEASE = 2;
const REJECT = 3;

type Reason = Extract<TraceEventData, { readonly type: 'share-records-archived' }>['reason'];

const countOf = (batches: readonly Pick<StateBatch, 'firstOffset' | 'lastOffset'>[]): number =>
  batches.reduce((sum, { firstOffset, lastOffset }) => sum + lastOffset - firstOffset + 1, 0);

const placeOf = ({ key, topic }: SharePartition) => ({
  group: key.groupId,
  partition: topicPartition(topic, key.partition),
});

/** Tells of records whose locks are over: they go to others, or to nobody if they were delivered too often. */
export function tellExpired(broker: Broker, partition: SharePartition, batches: readonly StateBatch[]): void {
  const again = batches.filter(({ deliveryState }) => deliveryState === RECORD_STATE.AVAILABLE);
  const [first] = again;
  if (first !== undefined) {
    const records = countOf(again);
    partition.expired += records;
    const { firstOffset } = first;
    const { expired } = partition;
    trace(broker, { type: 'share-locks-expired', ...placeOf(partition), firstOffset, records, expired });
  }
  const gone = batches.filter(({ deliveryState }) => deliveryState === RECORD_STATE.ARCHIVED);
  tellArchived(broker, partition, gone, 'delivered too often');
}

/** Tells of records that nobody gets again because of what a member said. */
export function tellAcknowledged(
  broker: Broker,
  partition: SharePartition,
  stored: readonly StateBatch[],
  said: readonly AcknowledgementBatch[],
): void {
  const archived = stored.filter(({ deliveryState }) => deliveryState === RECORD_STATE.ARCHIVED);
  const because = (type: number): StateBatch[] =>
    archived.filter(({ firstOffset }) => typeAt(said, firstOffset) === type);
  tellArchived(broker, partition, because(RELEASE), 'delivered too often');
  tellArchived(broker, partition, because(REJECT), 'rejected');
}

function typeAt(said: readonly AcknowledgementBatch[], offset: number): number | undefined {
  const batch = said.find(({ firstOffset, lastOffset }) => firstOffset <= offset && offset <= lastOffset);
  const types = batch?.acknowledgeTypes ?? [];
  return types.length === 1 ? types[0] : types[offset - (batch?.firstOffset ?? 0)];
}

function tellArchived(
  broker: Broker,
  partition: SharePartition,
  batches: readonly StateBatch[],
  reason: Reason,
): void {
  const [first] = batches;
  if (first === undefined) return;
  const records = countOf(batches);
  partition.archived += records;
  const { firstOffset } = first;
  const { archived } = partition;
  trace(broker, {
    type: 'share-records-archived',
    ...placeOf(partition),
    firstOffset,
    records,
    archived,
    reason,
  });
}

/** Tells of records that somebody had before. */
export function tellRedelivered(
  broker: Broker,
  partition: SharePartition,
  memberId: string,
  acquired: readonly AcquiredRecords[],
): void {
  const again = acquired.filter(({ deliveryCount }) => deliveryCount > 1);
  const [first] = again;
  if (first === undefined) return;
  const session = shareSessionOf(broker.memory, partition.key.groupId, memberId);
  trace(broker, {
    type: 'share-records-redelivered',
    ...placeOf(partition),
    firstOffset: first.firstOffset,
    records: countOf(again),
    member: (session && broker.context.peer(session.connection)) ?? memberId,
    deliveryCount: Math.max(...again.map(({ deliveryCount }) => deliveryCount)),
  });
}
