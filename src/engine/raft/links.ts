import { ensure } from '../base/assert.ts';
import { millis, type SimTime } from '../base/time.ts';
import { APIS, type ApiName, type RequestBody, type ResponseMessage } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { Link, OutgoingCall, Raft } from './raft-state.ts';

/** Timers of requests that nobody answers are named by this and the voter. */
export const REQUEST_TIMER = 'raft/request/';
/** Rings when a voter that rested may be asked again. */
export const WAKE_TIMER = 'raft/wake';

/** Bytes of a request without record batches, about. */
const SMALL_REQUEST = 120;

function linkOf({ links }: Raft, voter: number): Link {
  let link = links.get(voter);
  if (link === undefined) {
    link = { connection: 0, nextCorrelationId: 1, inFlight: null, readyAt: 0 };
    links.set(voter, link);
  }
  return link;
}

/** Whether a request may be sent to this voter now. */
export function isReady(raft: Raft, context: NodeContext, voter: number): boolean {
  const { inFlight, readyAt } = linkOf(raft, voter);
  return inFlight === null && readyAt <= context.now();
}

export function callVoter<A extends ApiName>(
  raft: Raft,
  context: NodeContext,
  voter: number,
  call: { readonly api: A; readonly body: RequestBody<A>; readonly offset?: number },
): void {
  const { options, epoch, role } = raft;
  const link = linkOf(raft, voter);
  if (link.connection === 0)
    link.connection = context.connect(ensure(options.peers[voter], `machine of voter ${voter}`));
  const correlationId = link.nextCorrelationId++;
  const { api, body, offset = -1 } = call;
  link.inFlight = Object.freeze({ correlationId, api, epoch, role, offset });
  const clientId = `raft-client-${options.nodeId}`;
  const { version } = APIS[api];
  context.send(
    link.connection,
    { kind: 'request', api, version, correlationId, clientId, body },
    SMALL_REQUEST,
  );
  context.setTimer(`${REQUEST_TIMER}${voter}`, millis(options.settings.requestTimeoutMs));
}

/** Who answers, and what; undefined for an answer that nobody waits for. */
export function takeAnswer(
  raft: Raft,
  context: NodeContext,
  connection: ConnectionId,
  message: ResponseMessage,
): { readonly voter: number; readonly call: OutgoingCall } | undefined {
  for (const [voter, link] of raft.links) {
    const call = link.inFlight;
    if (link.connection !== connection || call?.correlationId !== message.correlationId) continue;
    link.inFlight = null;
    context.cancelTimer(`${REQUEST_TIMER}${voter}`);
    return { voter, call };
  }
  return undefined;
}

/** The voter is not asked again for `controller.quorum.retry.backoff.ms`. */
export function backOff(raft: Raft, context: NodeContext, voter: number): void {
  linkOf(raft, voter).readyAt = context.now() + millis(raft.options.settings.retryBackoffMs);
}

/** A request was not answered in time: the connection is given up. */
export function onRequestTimer(raft: Raft, context: NodeContext, timer: string): void {
  const voter = Number(timer.slice(REQUEST_TIMER.length));
  const link = linkOf(raft, voter);
  if (link.connection !== 0) context.close(link.connection);
  breakLink(raft, context, voter, link);
}

/** Returns whether this was a connection to another voter. */
export function onLinkLost(raft: Raft, context: NodeContext, connection: ConnectionId): boolean {
  for (const [voter, link] of raft.links) {
    if (link.connection !== connection) continue;
    breakLink(raft, context, voter, link);
    return true;
  }
  return false;
}

function breakLink(raft: Raft, context: NodeContext, voter: number, link: Link): void {
  link.connection = 0;
  link.inFlight = null;
  context.cancelTimer(`${REQUEST_TIMER}${voter}`);
  backOff(raft, context, voter);
}

/** Sets the alarm for the first of these voters that rests now. */
export function wakeFor(raft: Raft, context: NodeContext, voters: readonly number[]): void {
  let first: SimTime | undefined;
  for (const voter of voters) {
    const { inFlight, readyAt } = linkOf(raft, voter);
    if (inFlight === null && readyAt > context.now()) first = Math.min(first ?? readyAt, readyAt);
  }
  if (first !== undefined) context.setTimer(WAKE_TIMER, first - context.now());
}
