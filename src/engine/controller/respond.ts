import type { ApiName, ResponseBody } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';

/** About how many bytes a response without record batches takes. */
const SMALL_RESPONSE = 96;

/** Who gets an answer to what. */
export interface Recipient<A extends ApiName> {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly api: A;
  /** Bytes of record batches in the answer. */
  readonly payloadBytes?: number;
}

export function respond<A extends ApiName>(
  context: NodeContext,
  { connection, correlationId, api, payloadBytes = 0 }: Recipient<A>,
  body: ResponseBody<A>,
): void {
  const message = { kind: 'response', api, correlationId, body };
  context.send(connection, message, SMALL_RESPONSE + payloadBytes);
}
