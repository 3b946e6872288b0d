import type { ApiName, ResponseBody } from '../protocol/message.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';

/** Bytes of a response without record batches, about. */
const SMALL_RESPONSE = 96;

/** Who gets an answer to what. */
export interface Recipient<A extends ApiName> {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly api: A;
  /** Bytes of record batches in the answer. */
  readonly payload?: number;
}

export function respondTo<A extends ApiName>(
  context: NodeContext,
  { connection, correlationId, api, payload = 0 }: Recipient<A>,
  body: ResponseBody<A>,
): void {
  context.send(connection, { kind: 'response', api, correlationId, body }, SMALL_RESPONSE + payload);
}

export const sizeOf = (batches: readonly RecordBatch[]): number =>
  batches.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
