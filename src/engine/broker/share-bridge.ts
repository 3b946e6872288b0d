import type { SharedPartition, SharesToChange } from '../coordinator/coordinator-host.ts';
import { onSharesInitialized } from '../coordinator/share-group/shares-initialized.ts';
import {
  handleShareStateRequest,
  loadShareState,
  onShareStateCommitted,
  onShareStateTimer,
  unloadShareState,
} from '../coordinator/share/share-coordinator.ts';
import type { ShareStateHost, ShareStateTimer } from '../coordinator/share/share-state-host.ts';
import type { ShareStateApi, ShareStateRequest } from '../coordinator/share/share-state-requests.ts';
import { NONE } from '../protocol/errors.ts';
import type { RequestBody, ResponseMessage } from '../protocol/message.ts';
import { batchOf } from '../protocol/record-batch.ts';
import type { ShareKey } from '../coordinator/share/share-state.ts';
import type { Broker } from './broker-memory.ts';
import { appendForCoordinator } from './coordinator-append.ts';
import { hostOf as groupHostOf } from './coordinator-bridge.ts';
import { batchesOf, takesTimeToLoad } from './coordinator-loading.ts';
import { SHARE_STATE_TOPIC } from './coordinator-topic.ts';
import type { Replica } from './replica.ts';
import { ENDS_RETRY_TIMER, retryLatestOffsets } from './latest-offsets.ts';
import { respond, type Incoming } from './requests.ts';
import { acknowledgementsStored } from './share-delivery.ts';
import { takeShareResult, waitForShares } from './share-offsets.ts';
import { failShares, SHARE_FETCH_TIMER, tryShareFetch, wakeShares } from './share-fetch.ts';
import { SHARE_RETRY_TIMER, type ShareCall, type ShareOffsetsRequest } from './share-memory.ts';
import {
  onLockTimer,
  SHARE_LOCK_TIMER,
  shareStateRead,
  shareStateWritten,
  type CallShares,
} from './share-partitions.ts';
import {
  callShareCoordinator,
  retryShareCall,
  takeShareAnswer,
  type SettledCall,
  type ShareAnswer,
} from './share-persister.ts';

/** What the share coordinator may do to its broker. Made anew for every call. */
function hostOf(broker: Broker): ShareStateHost {
  const { memory, context } = broker;
  const { image, config } = memory;
  return {
    config,
    partitionCount:
      image.topics.get(SHARE_STATE_TOPIC)?.partitions.length ??
      config['share.coordinator.state.topic.num.partitions'],
    hasPartition: (topicId, partition) =>
      image.topics.get(image.topicNames.get(topicId) ?? '')?.partitions[partition] !== undefined,
    now: () => context.now(),
    wallClockMs: () => context.wallClockMs(),
    append: (partition, records) =>
      appendForCoordinator(broker, { topic: SHARE_STATE_TOPIC, partition }, batchOf(records)),
    answer: (token, body) => respond(broker, token, body as never),
    setTimer: (name, delay, data) => context.setTimer(name, delay, data),
    cancelTimer: (name) => context.cancelTimer(name),
  };
}

/** Hands a request to the share coordinator, which answers through its host. */
export function handleShareStateApi<A extends ShareStateApi>(
  broker: Broker,
  api: A,
  { token, version, clientId, connection, body }: Incoming<A>,
): void {
  const clientHost = `/${broker.context.peer(connection) ?? 'unknown'}`;
  const asked: RequestBody<A> = body;
  const request = { token, api, version, clientId, clientHost, body: asked } as unknown as ShareStateRequest;
  handleShareStateRequest(broker.memory.shareCoordinator, hostOf(broker), request);
}

export function loadShareCoordinator(broker: Broker, replica: Replica): void {
  unloadShareCoordinator(broker, replica);
  if (takesTimeToLoad(broker, replica)) broker.memory.shareCoordinator.loading.add(replica.partition);
  else finishLoadingShares(broker, replica);
}

export function finishLoadingShares(broker: Broker, replica: Replica): void {
  const { partition, log } = replica;
  const place = { partition, highWatermark: log.highWatermark };
  loadShareState(broker.memory.shareCoordinator, hostOf(broker), place, batchesOf(broker, replica));
}

export const unloadShareCoordinator = (broker: Broker, { partition }: Replica): void =>
  unloadShareState(broker.memory.shareCoordinator, hostOf(broker), partition);

export const tellShareStateLog = (broker: Broker, { partition, log }: Replica): void =>
  onShareStateCommitted(broker.memory.shareCoordinator, hostOf(broker), partition, log.highWatermark);

export function onShareTimer(broker: Broker, name: string, data: unknown): void {
  if (name.startsWith(SHARE_RETRY_TIMER)) settleShareCalls(broker, retryShareCall(broker, data as number));
  else if (name.startsWith(ENDS_RETRY_TIMER)) retryLatestOffsets(broker, data as number);
  else if (name.startsWith(SHARE_FETCH_TIMER)) tryShareFetch(broker, callerOf(broker), data as number);
  else if (name.startsWith(SHARE_LOCK_TIMER)) {
    onLockTimer(broker, callerOf(broker), data as ShareKey);
    wakeShares(broker, callerOf(broker), data as ShareKey);
  } else onShareStateTimer(broker.memory.shareCoordinator, hostOf(broker), data as ShareStateTimer);
}

/** By which a broker asks share coordinators for what it leads. */
export const callerOf =
  (broker: Broker): CallShares =>
  (calls) =>
    settleShareCalls(broker, callShareCoordinator(broker, calls));

/** There is more to read of a partition, or it has another leader now. */
export const shareLogChanged = (broker: Broker, { topicId, partition }: Replica): void =>
  wakeShares(broker, callerOf(broker), { topicId, partition });

/** The group coordinator wants share partitions to be begun with. */
export function initializeShares(
  broker: Broker,
  groupId: string,
  stateEpoch: number,
  partitions: readonly SharedPartition[],
): void {
  const asked = Object.freeze({ stateEpoch, startOffset: -1 });
  const calls = partitions.map(({ topicId, partition }) => ({
    api: 'InitializeShareGroupState' as const,
    key: Object.freeze({ groupId, topicId, partition }),
    asked,
  }));
  settleShareCalls(broker, callShareCoordinator(broker, calls));
}

/** An administrator says where a group is to stand, or that it has never been there. */
export function changeShares(broker: Broker, change: SharesToChange): void {
  const { token, api, body } = change.request;
  waitForShares(broker, token, { api, body } as ShareOffsetsRequest, change.partitions.length);
  const calls = change.partitions.map(({ topicId, partition, startOffset }) => ({
    key: Object.freeze({ groupId: change.groupId, topicId, partition }),
    token,
    ...(startOffset === null
      ? ({ api: 'DeleteShareGroupState', asked: {} } as const)
      : ({
          api: 'InitializeShareGroupState',
          asked: Object.freeze({ stateEpoch: change.stateEpoch, startOffset }),
        } as const)),
  }));
  settleShareCalls(broker, callShareCoordinator(broker, calls));
}

/** A group is deleted: its share partitions are forgotten. */
export function deleteShares(broker: Broker, groupId: string, partitions: readonly SharedPartition[]): void {
  const calls = partitions.map(({ topicId, partition }) => ({
    api: 'DeleteShareGroupState' as const,
    key: Object.freeze({ groupId, topicId, partition }),
    asked: {},
  }));
  settleShareCalls(broker, callShareCoordinator(broker, calls));
}

/** A share coordinator answers, or is gone (undefined). */
export function onShareAnswer(broker: Broker, brokerId: number, message: ResponseMessage | undefined): void {
  const body = message?.body as { readonly results?: Parameters<typeof takeShareAnswer>[2] } | undefined;
  settleShareCalls(broker, takeShareAnswer(broker, brokerId, body?.results));
}

/** Tells whoever asked what came of it. */
function settleShareCalls(broker: Broker, settled: readonly SettledCall[]): void {
  for (const { call, answer } of settled) {
    if (call.api === 'ReadShareGroupState') onRead(broker, call, answer);
    if (call.api === 'WriteShareGroupState') onWritten(broker, call, answer);
  }
  for (const { call, answer } of settled) if (call.token > 0) takeShareResult(broker, call, answer);
  const begun = settled.filter(({ call }) => call.api === 'InitializeShareGroupState');
  for (const groupId of new Set(begun.map(({ call }) => call.key.groupId))) {
    const results = begun
      .filter(({ call }) => call.key.groupId === groupId)
      .map(({ call: { key }, answer }) => ({ ...key, isDone: isDone(answer) }));
    onSharesInitialized(broker.memory.coordinator, groupHostOf(broker), groupId, results);
  }
}

const isDone = ({ errorCode }: ShareAnswer): boolean => errorCode === NONE;

function onRead(broker: Broker, call: ShareCall, answer: ShareAnswer): void {
  const errorCode = shareStateRead(broker, call, answer);
  if (errorCode === NONE) wakeShares(broker, callerOf(broker), call.key);
  else failShares(broker, call.key, errorCode);
}

function onWritten(broker: Broker, call: ShareCall, answer: ShareAnswer): void {
  const written = shareStateWritten(broker, callerOf(broker), call, answer.errorCode);
  acknowledgementsStored(broker, callerOf(broker), call.key, written);
}
