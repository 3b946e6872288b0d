import type { TraceEventData } from '../api/trace-event.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';

/**
 * What a handler decided. It has changed nothing: the controller appends the records, replays them, says what happened,
 * and then sends the response.
 */
export interface Decision<Response> {
  readonly records: readonly MetadataRecord[];
  readonly response: Response;
  /** What the records alone do not tell. */
  readonly facts: readonly TraceEventData[];
}

/** A decision that changes nothing. */
export const answer = <Response>(response: Response): Decision<Response> => ({
  records: [],
  response,
  facts: [],
});
