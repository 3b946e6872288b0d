import type { NodeId } from '../../api/ids.ts';
import type { QueryAct, QueryAnswer } from '../../api/query-act.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { millis } from '../../base/time.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { isQueryResponse, requestBytes, type QueryRequest } from './query-message.ts';
import {
  afterResponse,
  afterSilence,
  newQueryRun,
  type Ask,
  type QueryRun,
  type Silence,
} from './query-run.ts';

/** How long the client waits for each answer. */
export const QUERY_TIMEOUT_MS = 5_000;
const PREFIX = 'query';

/** A request under way. */
interface Call {
  readonly run: QueryRun;
  readonly connection: ConnectionId;
  readonly host: NodeId;
}

/** A REST client of an application's instances, as a person uses curl. Plain data. */
export interface QueryClient {
  calls: readonly Call[];
  nextId: number;
}

export const newQueryClient = (): QueryClient => ({ calls: [], nextId: 1 });

/** Sends a query; what it was told in the end is traced as `query-answered`. */
export function startQuery(
  client: QueryClient,
  context: NodeContext,
  act: QueryAct,
  instances: readonly NodeId[],
): void {
  const run = newQueryRun(client.nextId++, act, instances);
  const [first, ...rest] = run.next;
  run.next = rest;
  if (first !== undefined) ask(client, context, run, first);
}

/** Each request has a connection of its own: the next one may go to another instance. */
function ask(client: QueryClient, context: NodeContext, run: QueryRun, { host, scope }: Ask): void {
  const connection = context.connect(host);
  const { act } = run;
  const request: QueryRequest = { kind: 'query-request', id: run.id, scope, query: act };
  client.calls = [...client.calls, { run, connection, host }];
  context.setTimer(`${PREFIX}:${run.id}`, millis(QUERY_TIMEOUT_MS));
  context.send(connection, Object.freeze(request), requestBytes(request));
}

/** Returns false if the connection is not a query's. */
export function onQueryMessage(
  client: QueryClient,
  context: NodeContext,
  connection: ConnectionId,
  message: object,
): boolean {
  const call = client.calls.find((one) => one.connection === connection);
  if (call === undefined || !isQueryResponse(message)) return false;
  hangUp(client, context, call);
  goOn(client, context, call.run, afterResponse(call.run, call.host, message));
  return true;
}

/** Returns false if the connection is not a query's. */
export function onQueryDisconnect(
  client: QueryClient,
  context: NodeContext,
  connection: ConnectionId,
): boolean {
  const call = client.calls.find((one) => one.connection === connection);
  if (call === undefined) return false;
  endCall(client, context, call, 'refused');
  return true;
}

/** Returns false if the timer is not a query's. */
export function onQueryTimer(client: QueryClient, context: NodeContext, name: string): boolean {
  if (!name.startsWith(`${PREFIX}:`)) return false;
  const call = client.calls.find(({ run }) => `${PREFIX}:${run.id}` === name);
  if (call !== undefined) endCall(client, context, call, 'timed out');
  return true;
}

function endCall(client: QueryClient, context: NodeContext, call: Call, why: Silence): void {
  hangUp(client, context, call);
  goOn(client, context, call.run, afterSilence(call.run, call.host, why));
}

function hangUp(client: QueryClient, context: NodeContext, call: Call): void {
  context.cancelTimer(`${PREFIX}:${call.run.id}`);
  context.close(call.connection);
  client.calls = client.calls.filter((one) => one !== call);
}

function goOn(client: QueryClient, context: NodeContext, run: QueryRun, next: Ask | QueryAnswer): void {
  if ('host' in next) {
    ask(client, context, run, next);
    return;
  }
  const data: TraceEventData = { type: 'query-answered', act: run.act, ...next };
  context.trace(Object.freeze(data));
}
