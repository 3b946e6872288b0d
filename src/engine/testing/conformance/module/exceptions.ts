import { errorName, type ErrorName } from '../../../protocol/errors.ts';
import { UnsupportedError } from '../case-file.ts';

/** What single classes throw where the wire has an error code (`Errors.exception`, see tables/errors.json). */
const EXCEPTIONS: ReadonlyMap<ErrorName, string> = new Map<ErrorName, string>([
  ['OFFSET_OUT_OF_RANGE', 'OffsetOutOfRangeException'],
  ['MESSAGE_TOO_LARGE', 'RecordTooLargeException'],
  ['RECORD_LIST_TOO_LARGE', 'RecordBatchTooLargeException'],
  ['INVALID_TIMESTAMP', 'InvalidTimestampException'],
  ['INVALID_RECORD', 'InvalidRecordException'],
  ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'OutOfOrderSequenceException'],
  ['INVALID_PRODUCER_EPOCH', 'InvalidProducerEpochException'],
  ['INVALID_TXN_STATE', 'InvalidTxnStateException'],
  ['TRANSACTION_COORDINATOR_FENCED', 'TransactionCoordinatorFencedException'],
]);

/** Simple name of the exception that stands for an error code. */
export function exceptionOf(code: number): string {
  const name = EXCEPTIONS.get(errorName(code));
  if (name === undefined) throw new UnsupportedError(`error ${errorName(code)}`);
  return name;
}
