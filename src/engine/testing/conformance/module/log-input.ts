import { parseConfig } from '../../../api/config/config-key.ts';
import { TOPIC_CONFIG, type TopicConfig } from '../../../api/config/topic-config.ts';
import { batchOf, endTransactionMarker, type RecordBatch, type SimpleRecord } from '../../../protocol/record-batch.ts';
import { listOf, numberOf, objectOf, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';

/** What the recorded logs set besides topic keys. */
const OWN_FIELDS = ['transactionVerification', 'mapSlots', 'mapLoadFactor'];
/** Real logs take smaller segments than a topic may ask for. */
const UNBOUNDED = { ...TOPIC_CONFIG, 'segment.bytes': { ...TOPIC_CONFIG['segment.bytes'], min: 1 } };

export function configOf(given: JsonObject): TopicConfig {
  const overrides: Record<string, string> = {};
  for (const [key, value] of Object.entries(given))
    if (!OWN_FIELDS.includes(key)) overrides[key] = typeof value === 'string' ? value : JSON.stringify(value);
  const parsed = parseConfig(UNBOUNDED, overrides);
  if (!parsed.ok) throw new UnsupportedError(parsed.error);
  return parsed.value;
}

const numberOr = (value: Json | undefined, what: string, absent: number): number =>
  value === undefined ? absent : numberOf(value, what);

const textOrNull = (value: Json | undefined, what: string): string | null =>
  value === null || value === undefined ? null : textOf(value, what);

function recordOf(given: JsonObject): SimpleRecord {
  const size = given.valueSize;
  return {
    key: textOrNull(given.key, 'key'),
    value: size === undefined ? textOrNull(given.value, 'value') : 'x'.repeat(numberOf(size, 'valueSize')),
    timestamp: numberOf(given.timestamp, 'timestamp'),
  };
}

/** The batch of an append; its size is the recorded one, which must be the one computed. */
export function dataBatchOf(op: JsonObject): RecordBatch {
  const records = listOf(op.records, 'records').map((record) => recordOf(objectOf(record, 'record')));
  return batchOf(records, {
    producerId: numberOr(op.pid, 'pid', -1),
    producerEpoch: numberOr(op.producerEpoch, 'producerEpoch', -1),
    baseSequence: numberOr(op.seq, 'seq', -1),
    isTransactional: op.transactional === true,
  });
}

export const markerBatchOf = (op: JsonObject): RecordBatch =>
  endTransactionMarker(
    {
      type: op.commit === true ? 'COMMIT' : 'ABORT',
      coordinatorEpoch: numberOf(op.coordinatorEpoch, 'coordinatorEpoch'),
    },
    {
      producerId: numberOf(op.pid, 'pid'),
      producerEpoch: numberOf(op.producerEpoch, 'producerEpoch'),
      timestamp: numberOf(op.timestamp, 'timestamp'),
    },
  );
