import { ERROR_CODES } from '../protocol/errors.ts';
import type { ApiName, ResponseBody } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';

/** About how many bytes a response takes. */
const SMALL_RESPONSE = 96;

/** Who gets an answer to what. */
export interface Recipient<A extends ApiName> {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly api: A;
}

export function respond<A extends ApiName>(
  context: NodeContext,
  { connection, correlationId, api }: Recipient<A>,
  body: ResponseBody<A>,
): void {
  context.send(connection, { kind: 'response', api, correlationId, body }, SMALL_RESPONSE);
}

/**
 * Sends whoever asks away: another controller is the active one. Simplification: every request is answered as one that a
 * broker wraps for its clients, not each with its own kind of answer.
 */
export function respondNotController(
  context: NodeContext,
  { connection, correlationId }: Omit<Recipient<ApiName>, 'api'>,
): void {
  const body = { responseData: null, errorCode: ERROR_CODES.NOT_CONTROLLER };
  respond(context, { connection, correlationId, api: 'Envelope' }, body);
}
