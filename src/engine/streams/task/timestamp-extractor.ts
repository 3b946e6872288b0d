import { fieldLong } from '../functions/fields.ts';
import { isLong } from '../serdes/long.ts';
import { StreamsError } from './streams-error.ts';

/** What an extractor may read of a record of a source topic. */
export interface ExtractedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** As the producer or broker stamped it, milliseconds. */
  readonly timestamp: number;
  readonly value: unknown;
}

/** The machine that the task runs on. */
export interface Clock {
  /** Milliseconds since 1970. */
  wallClock(): number;
}

/** The time of a record, in milliseconds. A negative answer drops it. Throws a {@link StreamsError}. */
export type TimestampExtractor = (record: ExtractedRecord, partitionTime: number, clock: Clock) => number;

const describeRecord = ({ topic, partition, offset, timestamp }: ExtractedRecord): string =>
  `record (topic = ${topic}, partition = ${partition}, offset = ${offset}, CreateTime = ${timestamp})`;

function failOnInvalid(record: ExtractedRecord): number {
  if (record.timestamp >= 0) return record.timestamp;
  throw new StreamsError(
    'StreamsException',
    `Input ${describeRecord(record)} has invalid (negative) timestamp.`,
  );
}

const asItIs: TimestampExtractor = (record) => record.timestamp;

/** True for the extractors that only differ in what they do with a negative timestamp. */
export const takesValidTime = (extractor: TimestampExtractor): boolean =>
  extractor === failOnInvalid || extractor === asItIs || extractor === usePartitionTime;

function usePartitionTime(record: ExtractedRecord, partitionTime: number): number {
  if (record.timestamp >= 0) return record.timestamp;
  if (partitionTime >= 0) return partitionTime;
  const text = `Could not infer new timestamp for input ${describeRecord(record)} because partition time is unknown.`;
  throw new StreamsError('StreamsException', text);
}

function valueAsTime({ value }: ExtractedRecord): number {
  return isLong(value) ? Number(value) : -1;
}

function fieldAsTime(name: string): TimestampExtractor {
  return ({ value }, partitionTime) => {
    const time = fieldLong(value, name);
    return time === null ? partitionTime : Number(time);
  };
}

/** The extractor of this name. Throws a {@link StreamsError} if there is none. */
export function timestampExtractor(name: string): TimestampExtractor {
  if (name.startsWith('field:')) return fieldAsTime(name.slice('field:'.length));
  switch (name) {
    case 'FailOnInvalidTimestamp':
      return failOnInvalid;
    case 'LogAndSkipOnInvalidTimestamp':
      return asItIs;
    case 'UsePartitionTimeOnInvalidTimestamp':
      return usePartitionTime;
    case 'WallclockTimestampExtractor':
      return (_record, _partitionTime, clock) => clock.wallClock();
    case 'valueLong':
      return valueAsTime;
    default:
      throw new StreamsError('ConfigException', `unknown timestamp extractor ${name}`);
  }
}

/** The extractor that a source names for itself, if it does. */
export const extractorOf = (name: string | undefined): TimestampExtractor | undefined =>
  name === undefined ? undefined : timestampExtractor(name);
