import { millis } from '../../base/time.ts';
import { ERROR_CODES, isRetriable, NONE } from '../../protocol/errors.ts';
import type { ResponseMessage } from '../../protocol/message.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import {
  handleMetadata,
  leastLoadedBroker,
  maintainMetadata,
  requestMetadata,
  wantTopic,
} from '../network/metadata-refresh.ts';
import {
  bodyOf,
  expireRequests,
  isReady,
  NEVER,
  ownsConnection,
  sendRequest,
  takeDisconnect,
  takeResponse,
  type Completion,
} from '../network/network-client.ts';
import { armAdmin, end, retryLater } from './admin-state.ts';
import type { Admin, AdminCall, AdminNotice, AdminRequest, PendingCall } from './admin-state.ts';
import { finishPartitions, sendPartitions } from './by-leader.ts';

const METADATA: AdminRequest = Object.freeze({ type: 'metadata' });
/** Begins a call; a notice with the returned token says how it ended, after `default.api.timeout.ms` at the latest. */
export function adminCall(admin: Admin, context: NodeContext, call: AdminCall): number {
  const token = admin.nextToken++;
  const now = context.now();
  const open = 'partitions' in call ? call.partitions : [];
  const deadline = now + millis(admin.apiTimeoutMs);
  admin.calls.push({
    token,
    call: Object.freeze(call),
    deadline,
    notBefore: now,
    open,
    underWay: 0,
    results: [],
    askedVersion: -1,
  });
  maintain(admin, context);
  return token;
}

export const adminOwns = (admin: Admin, connection: ConnectionId): boolean =>
  ownsConnection(admin.network, connection);

/** Returns false if the connection is not this client's. */
export function onAdminMessage(
  admin: Admin,
  context: NodeContext,
  connection: ConnectionId,
  message: object,
): boolean {
  if (!adminOwns(admin, connection)) return false;
  const completion = takeResponse(admin.network, context, connection, message as ResponseMessage);
  if (completion !== undefined) handle(admin, context, completion);
  maintain(admin, context);
  return true;
}

/** Returns false if the connection is not this client's. */
export function onAdminDisconnect(admin: Admin, context: NodeContext, connection: ConnectionId): boolean {
  if (!adminOwns(admin, connection)) return false;
  for (const completion of takeDisconnect(admin.network, context, connection))
    handle(admin, context, completion);
  maintain(admin, context);
  return true;
}

/** Returns false if the timer is not this client's. */
export function onAdminTimer(admin: Admin, context: NodeContext, name: string): boolean {
  const { prefix } = admin.network;
  if (!name.startsWith(`${prefix}:`)) return false;
  if (name === `${prefix}:admin`) admin.wakeAt = NEVER;
  for (const completion of expireRequests(admin.network, context)) handle(admin, context, completion);
  maintain(admin, context);
  return true;
}

export function takeAdminNotices(admin: Admin): readonly AdminNotice[] {
  const { notices } = admin;
  if (notices.length > 0) admin.notices = [];
  return notices;
}

function maintain(admin: Admin, context: NodeContext): void {
  const now = context.now();
  for (const pending of [...admin.calls]) {
    if (now >= pending.deadline) giveUp(admin, pending);
    else if (pending.notBefore <= now) sendCall(admin, context, pending);
    else if (pending.notBefore !== NEVER) armAdmin(admin, context, pending.notBefore);
    armAdmin(admin, context, pending.deadline);
  }
  maintainMetadata(admin.network, context, METADATA);
}

function giveUp(admin: Admin, pending: PendingCall): void {
  const { token, call } = pending;
  const error = ERROR_CODES.REQUEST_TIMED_OUT;
  switch (call.type) {
    case 'create-topics':
      end(admin, { type: 'topics-created', token, error, topics: [] });
      return;
    case 'describe-topics':
      end(admin, { type: 'topics-described', token, error, topics: [] });
      return;
    case 'alter-configs':
      end(admin, { type: 'configs-altered', token, error, errors: [] });
      return;
    default:
      end(admin, { type: 'partitions-answered', token, error, results: pending.results });
  }
}

function sendCall(admin: Admin, context: NodeContext, pending: PendingCall): void {
  const { call } = pending;
  if (call.type === 'delete-records' || call.type === 'list-offsets') sendPartitions(admin, context, pending);
  else if (call.type === 'describe-topics') describeTopics(admin, context, pending, call.topics);
  else sendToAny(admin, context, pending);
}

/** Any broker takes these and forwards them to the controller. */
function sendToAny(admin: Admin, context: NodeContext, pending: PendingCall): void {
  const { call, token } = pending;
  const destination = leastLoadedBroker(admin.network, context);
  if (destination === undefined || !isReady(admin.network, context, destination)) {
    retryLater(admin, context, pending);
    return;
  }
  const mark: AdminRequest = Object.freeze({ type: 'call', token });
  const timeoutMs = admin.network.settings.config['request.timeout.ms'];
  if (call.type === 'create-topics') {
    const body = { topics: call.topics, timeoutMs, validateOnly: false };
    sendRequest(admin.network, context, { destination, api: 'CreateTopics', body, context: mark });
  } else if (call.type === 'alter-configs') {
    const body = { resources: call.resources, validateOnly: false };
    sendRequest(admin.network, context, { destination, api: 'IncrementalAlterConfigs', body, context: mark });
  }
  pending.notBefore = NEVER;
}

/** Answered out of fresh metadata. */
function describeTopics(
  admin: Admin,
  context: NodeContext,
  pending: PendingCall,
  names: readonly string[],
): void {
  const { metadata } = admin.network;
  if (pending.underWay === 0) {
    pending.underWay = 1;
    for (const name of names) wantTopic(admin.network, name);
    requestMetadata(admin.network);
    admin.network.refresh.notBefore = context.now();
    pending.askedVersion = metadata.version;
    pending.notBefore = context.now();
  }
  if (metadata.version === pending.askedVersion) return;
  const topics = names.map((name) => {
    const partitions = metadata.topics.get(name)?.leaders.length ?? 0;
    const missing = partitions === 0 ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION : NONE;
    return { name, error: metadata.topicErrors.get(name) ?? missing, partitions };
  });
  for (const name of names) if (!metadata.topics.has(name)) metadata.wanted.delete(name);
  end(admin, { type: 'topics-described', token: pending.token, error: NONE, topics });
}

function handle(admin: Admin, context: NodeContext, completion: Completion<AdminRequest>): void {
  const request = completion.request.context;
  if (request.type === 'metadata') {
    handleMetadata(admin.network, context, bodyOf(completion, 'Metadata'));
    return;
  }
  const pending = admin.calls.find(({ token }) => token === request.token);
  if (pending === undefined) return;
  if (request.type === 'partitions')
    finishPartitions(admin, context, pending, { asked: request.asked, completion });
  else finishCall(admin, context, pending, completion);
}

/** What the controller cannot do now is tried again until the deadline. */
function finishCall(
  admin: Admin,
  context: NodeContext,
  pending: PendingCall,
  completion: Completion<AdminRequest>,
): void {
  const { token } = pending;
  const topics = bodyOf(completion, 'CreateTopics')?.topics;
  const altered = bodyOf(completion, 'IncrementalAlterConfigs')?.responses;
  const errors = (topics ?? altered)?.map(({ errorCode }) => errorCode) ?? [completion.error];
  if (errors.some(isRetriable)) retryLater(admin, context, pending);
  else if (topics !== undefined) end(admin, { type: 'topics-created', token, error: NONE, topics });
  else end(admin, { type: 'configs-altered', token, error: completion.error, errors });
}
