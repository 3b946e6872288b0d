import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type { RequestBody } from '../../protocol/message.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import type { ShareStateHost } from './share-state-host.ts';
import type { ShareStateRecord } from './share-state-record.ts';
import { merged } from './replay-share-state.ts';
import type { ShareGroupOffset, ShareKey } from './share-state.ts';

/** What a share coordinator is asked. */
export type ShareStateApi =
  | 'InitializeShareGroupState'
  | 'ReadShareGroupState'
  | 'WriteShareGroupState'
  | 'DeleteShareGroupState'
  | 'ReadShareGroupStateSummary';

export type ShareStateRequest = CoordinatorRequest<ShareStateApi>;

/** A request's word on one share partition. */
export type AskedPartition = RequestBody<ShareStateApi>['topics'][number]['partitions'][number];

/** What is written, and what is answered once that is committed. */
export interface ShareStateDecision {
  readonly record: ShareStateRecord | null;
  readonly result: object;
}

/** What somebody asks of one share partition. */
export interface ShareStateQuestion {
  readonly api: ShareStateApi;
  readonly key: ShareKey;
  readonly asked: AskedPartition;
}

/** Where a group begins whose leader has yet to choose. */
const UNINITIALIZED = -1;
const NO_LEADER = 0;

/** An answer that carries only an error; fields as the API's answer has them. */
export function shareStateResult(api: ShareStateApi, partition: number, errorCode: number): object {
  const result = { partition, errorCode, errorMessage: errorCode === NONE ? null : errorName(errorCode) };
  if (api === 'ReadShareGroupState') return { ...result, stateEpoch: 0, startOffset: 0, stateBatches: [] };
  if (api !== 'ReadShareGroupStateSummary') return result;
  return { ...result, stateEpoch: 0, leaderEpoch: 0, startOffset: 0, deliveryCompleteCount: -1 };
}

/** Decides about one share partition (`ShareCoordinatorShard`). */
export function decideShareState(
  host: ShareStateHost,
  known: ShareGroupOffset | undefined,
  question: ShareStateQuestion,
): ShareStateDecision {
  const { api, key, asked } = question;
  const errorCode = refusalOf(host, known, question);
  const result = shareStateResult(api, key.partition, errorCode);
  if (errorCode !== NONE) return { record: null, result };
  if (api === 'InitializeShareGroupState' && 'stateEpoch' in asked)
    return { record: initialized(known, key, asked), result };
  if (api === 'DeleteShareGroupState')
    return { record: known === undefined ? null : { type: 'ShareSnapshot', key, value: null }, result };
  if (known === undefined) return { record: null, result: { ...result, startOffset: UNINITIALIZED } };
  if ('stateBatches' in asked) return { record: written(host, known, key, asked), result };
  const { stateEpoch, startOffset, leaderEpoch, deliveryCompleteCount, batches } = known;
  if (api === 'ReadShareGroupStateSummary')
    return {
      record: null,
      result: { ...result, stateEpoch, startOffset, leaderEpoch, deliveryCompleteCount },
    };
  const record = 'leaderEpoch' in asked ? noted(known, key, asked.leaderEpoch) : null;
  return { record, result: { ...result, stateEpoch, startOffset, stateBatches: batches } };
}

function refusalOf(
  host: ShareStateHost,
  known: ShareGroupOffset | undefined,
  { api, key, asked }: ShareStateQuestion,
): number {
  if (key.partition < 0) return ERROR_CODES.INVALID_REQUEST;
  if (known !== undefined && 'leaderEpoch' in asked && asked.leaderEpoch < known.leaderEpoch)
    if (api !== 'ReadShareGroupStateSummary') return ERROR_CODES.FENCED_LEADER_EPOCH;
  if (known !== undefined && 'stateEpoch' in asked && asked.stateEpoch < known.stateEpoch)
    return ERROR_CODES.FENCED_STATE_EPOCH;
  if (api !== 'DeleteShareGroupState' && !host.hasPartition(key.topicId, key.partition))
    return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  // Nobody may write to what the group coordinator did not begin.
  const needsState = api === 'WriteShareGroupState' || api === 'ReadShareGroupState';
  return known === undefined && needsState ? ERROR_CODES.INVALID_REQUEST : NONE;
}

const initialized = (
  known: ShareGroupOffset | undefined,
  key: ShareKey,
  asked: { readonly stateEpoch: number; readonly startOffset: number },
): ShareStateRecord => ({
  type: 'ShareSnapshot',
  key,
  value: Object.freeze({
    snapshotEpoch: known === undefined ? 0 : known.snapshotEpoch + 1,
    stateEpoch: asked.stateEpoch,
    leaderEpoch: NO_LEADER,
    startOffset: asked.startOffset,
    deliveryCompleteCount: -1,
    batches: Object.freeze([]),
  }),
});

type WrittenPartition = Extract<AskedPartition, { stateBatches: unknown }>;

/** An update; after many of them everything at once, so that a new coordinator need not read them all. */
function written(
  { config }: ShareStateHost,
  known: ShareGroupOffset,
  key: ShareKey,
  asked: WrittenPartition,
): ShareStateRecord {
  const value = Object.freeze({
    snapshotEpoch: known.snapshotEpoch,
    stateEpoch: asked.stateEpoch,
    leaderEpoch: asked.leaderEpoch,
    startOffset: asked.startOffset,
    deliveryCompleteCount: asked.deliveryCompleteCount,
    batches: asked.stateBatches,
  });
  if (known.updates < config['share.coordinator.snapshot.update.records.per.snapshot'])
    return { type: 'ShareUpdate', key, value };
  const all = merged(known, value);
  return { type: 'ShareSnapshot', key, value: { ...all, snapshotEpoch: known.snapshotEpoch + 1 } };
}

/** A new leader of the partition reads: leaders before it are fenced off from then on. */
function noted(known: ShareGroupOffset, key: ShareKey, leaderEpoch: number): ShareStateRecord | null {
  if (leaderEpoch <= known.leaderEpoch) return null;
  const { snapshotEpoch, stateEpoch } = known;
  const unchanged = { startOffset: -1, deliveryCompleteCount: -1, batches: [] };
  return { type: 'ShareUpdate', key, value: { snapshotEpoch, stateEpoch, leaderEpoch, ...unchanged } };
}
