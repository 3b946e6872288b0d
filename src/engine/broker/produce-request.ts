import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { ProduceRequest, ProduceRequestPartitionData } from '../protocol/produce.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { respondProduce } from './delayed-produce.ts';
import { closeChannel } from './lost-channel.ts';
import { refused } from './refused-produce.ts';
import type { Incoming } from './requests.ts';

/** The format version of batches that is written today. */
const CURRENT_MAGIC = 2;
/** Version of Produce whose clients can read what they compress so (KIP-110). */
const FIRST_WITH_ZSTD = 7;

interface ProducePartition {
  readonly topicId: Uuid;
  readonly data: ProduceRequestPartitionData;
}

/** The partitions of a request. Of one that is named several times the last counts. */
export function partitionsOf(request: ProduceRequest): ProducePartition[] {
  const found = new Map<string, ProducePartition>();
  for (const { topicId, partitionData } of request.topicData)
    for (const data of partitionData) found.set(`${topicId}:${data.index}`, { topicId, data });
  return [...found.values()];
}

/** What is wrong with a partition's records before anyone looks at the log (`ProduceRequest.validateRecords`). */
export function recordsError(version: number, records: readonly RecordBatch[] | null): number {
  const [first, second] = records ?? [];
  if (first === undefined || magicOf(first) !== CURRENT_MAGIC) return ERROR_CODES.INVALID_RECORD;
  if (version < FIRST_WITH_ZSTD && first.compression === 'zstd')
    return ERROR_CODES.UNSUPPORTED_COMPRESSION_TYPE;
  if (second === undefined) return NONE;
  return isUnreadable(second) ? ERROR_CODES.CORRUPT_MESSAGE : ERROR_CODES.INVALID_RECORD;
}

const magicOf = ({ defects }: RecordBatch): number => defects?.magic ?? CURRENT_MAGIC;

const isUnreadable = (batch: RecordBatch): boolean => magicOf(batch) < 0 || magicOf(batch) > CURRENT_MAGIC;

/** Nobody knows where a batch of an unknown format ends: the broker gives up the request as soon as it meets one. */
export function hasUnreadableBatch({ topicData }: ProduceRequest): boolean {
  for (const { partitionData } of topicData)
    for (const { records } of partitionData) {
      const first = records?.[0];
      if (first !== undefined && isUnreadable(first)) return true;
      if (first?.isTransactional === true) return false;
    }
  return false;
}

/** Every partition gets this error. */
export function refuseWhole(
  broker: Broker,
  { body, token, connection }: Incoming<'Produce'>,
  errorCode: number,
): void {
  const attempts = partitionsOf(body).map(({ topicId, data: { index } }) =>
    refused(broker, { topicId, index, errorCode, badRecords: [] }, undefined),
  );
  if (body.acks === 0) closeChannel(broker, connection);
  else respondProduce(broker, token, attempts);
}
