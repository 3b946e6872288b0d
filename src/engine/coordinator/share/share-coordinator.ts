import { ensure } from '../../base/assert.ts';
import { millis } from '../../base/time.ts';
import { ERROR_CODES, errorName } from '../../protocol/errors.ts';
import { nextOffset, type RecordBatch } from '../../protocol/record-batch.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import type { RequestToken } from '../coordinator-host.ts';
import { errorToClient } from '../group/error-answers.ts';
import { replayShareState } from './replay-share-state.ts';
import { SHARE_STATE_TIMER_PREFIX, type ShareStateHost, type ShareStateTimer } from './share-state-host.ts';
import { decodeShareState, encodeShareState } from './share-state-record.ts';
import {
  decideShareState,
  shareStateResult,
  type ShareStateQuestion,
  type ShareStateRequest,
} from './share-state-requests.ts';
import {
  partitionForShare,
  shareKeyText,
  type PendingResult,
  type ShareCoordinator,
  type ShareShard,
} from './share-state.ts';

/** What handlers work with. Made anew for every call. */
interface Coordination {
  readonly coordinator: ShareCoordinator;
  readonly host: ShareStateHost;
}

/** Works on a request; the answer goes out when all that it wrote is committed. */
export function handleShareStateRequest(
  coordinator: ShareCoordinator,
  host: ShareStateHost,
  { token, api, body }: ShareStateRequest,
): void {
  const { groupId } = body;
  const questions = body.topics.flatMap(({ topicId, partitions }) =>
    partitions.map((asked): ShareStateQuestion => {
      const key = Object.freeze({ groupId, topicId, partition: asked.partition });
      return { api, key, asked };
    }),
  );
  const results = questions.map(() => null);
  const keys = questions.map(({ key }) => key);
  coordinator.gatherings.set(token, { keys, results, missing: questions.length });
  if (questions.length === 0) finish({ coordinator, host }, token);
  questions.forEach((question, part) => ask({ coordinator, host }, { token, part }, question));
}

interface Place {
  readonly token: RequestToken;
  readonly part: number;
}

function ask(coordination: Coordination, place: Place, question: ShareStateQuestion): void {
  const { coordinator, host } = coordination;
  const { api, key } = question;
  const partition = partitionForShare(key, host.partitionCount);
  const shard = coordinator.shards.get(partition);
  if (shard === undefined) {
    const { COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR } = ERROR_CODES;
    const errorCode = coordinator.loading.has(partition) ? COORDINATOR_LOAD_IN_PROGRESS : NOT_COORDINATOR;
    settle(coordination, place, shareStateResult(api, key.partition, errorCode));
    return;
  }
  const { record, result } = decideShareState(host, shard.offsets.get(shareKeyText(key)), question);
  if (record !== null) {
    const appended = host.append(shard.partition, [encodeShareState(record, host.wallClockMs())]);
    if (!appended.ok) {
      const errorCode = errorToClient(null, appended.error);
      settle(coordination, place, shareStateResult(api, key.partition, errorCode));
      return;
    }
    shard.lastWrittenOffset = appended.value;
    replayShareState(shard, record);
  }
  whenCommitted(coordination, shard, place, result);
}

/** The result holds once everything that was written so far is committed. */
function whenCommitted(coordination: Coordination, shard: ShareShard, place: Place, result: object): void {
  const { host } = coordination;
  if (shard.lastWrittenOffset <= shard.committedOffset) {
    settle(coordination, place, result);
    return;
  }
  const deadline = host.now() + millis(host.config['share.coordinator.write.timeout.ms']);
  shard.pending.push(Object.freeze({ ...place, offset: shard.lastWrittenOffset, deadline, result }));
  armTimer(coordination, shard);
}

function armTimer({ host }: Coordination, { partition, pending }: ShareShard): void {
  const name = SHARE_STATE_TIMER_PREFIX + String(partition);
  const [oldest] = pending;
  if (oldest === undefined) host.cancelTimer(name);
  else host.setTimer(name, Math.max(oldest.deadline - host.now(), 0), Object.freeze({ partition }));
}

function settle(coordination: Coordination, { token, part }: Place, result: object): void {
  const gathering = ensure(coordination.coordinator.gatherings.get(token), 'gathering of share partitions');
  gathering.results[part] = result;
  gathering.missing -= 1;
  if (gathering.missing === 0) finish(coordination, token);
}

/** Answers, topic by topic. */
function finish({ coordinator, host }: Coordination, token: RequestToken): void {
  const { keys, results } = ensure(coordinator.gatherings.get(token), 'gathering of share partitions');
  coordinator.gatherings.delete(token);
  const topics = new Map<Uuid, (object | null)[]>();
  keys.forEach(({ topicId }, i) => topics.set(topicId, [...(topics.get(topicId) ?? []), results[i] ?? null]));
  host.answer(token, { results: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })) });
}

/**
 * This broker became leader of a partition of `__share_group_state`: takes over what its log says, also above the high
 * watermark.
 */
export function loadShareState(
  coordinator: ShareCoordinator,
  host: ShareStateHost,
  place: { readonly partition: number; readonly highWatermark: number },
  batches: Iterable<RecordBatch>,
): void {
  unloadShareState(coordinator, host, place.partition);
  const { partition, highWatermark: committedOffset } = place;
  const shard: ShareShard = {
    partition,
    offsets: new Map(),
    lastWrittenOffset: 0,
    committedOffset,
    pending: [],
  };
  for (const batch of batches) {
    shard.lastWrittenOffset = nextOffset(batch);
    if (batch.control !== undefined) continue;
    batch.records.keys.forEach((key, i) => {
      const record = decodeShareState(key ?? '', batch.records.values[i] ?? null);
      if (record !== undefined) replayShareState(shard, record);
    });
  }
  coordinator.shards.set(partition, shard);
}

/** This broker no longer leads the partition: whoever waits is told so, and everything is forgotten. */
export function unloadShareState(
  coordinator: ShareCoordinator,
  host: ShareStateHost,
  partition: number,
): void {
  coordinator.loading.delete(partition);
  const shard = coordinator.shards.get(partition);
  if (shard === undefined) return;
  const { pending } = shard;
  shard.pending = [];
  coordinator.shards.delete(partition);
  armTimer({ coordinator, host }, shard);
  for (const waiting of pending) refuse({ coordinator, host }, waiting, ERROR_CODES.NOT_COORDINATOR);
}

function refuse(coordination: Coordination, waiting: PendingResult, errorCode: number): void {
  const { token, part, result } = waiting;
  settle(coordination, { token, part }, { ...result, errorCode, errorMessage: errorName(errorCode) });
}

/** The high watermark of a partition of `__share_group_state` moved: what it covers holds. */
export function onShareStateCommitted(
  coordinator: ShareCoordinator,
  host: ShareStateHost,
  partition: number,
  highWatermark: number,
): void {
  const shard = coordinator.shards.get(partition);
  if (shard === undefined) return;
  shard.committedOffset = Math.max(shard.committedOffset, highWatermark);
  const held = shard.pending.filter(({ offset }) => offset <= highWatermark);
  shard.pending = shard.pending.slice(held.length);
  for (const { token, part, result } of held) settle({ coordinator, host }, { token, part }, result);
  if (held.length > 0) armTimer({ coordinator, host }, shard);
}

/** Gives up on what waited too long. It stays in the log and may be committed later. */
export function onShareStateTimer(
  coordinator: ShareCoordinator,
  host: ShareStateHost,
  { partition }: ShareStateTimer,
): void {
  const shard = coordinator.shards.get(partition);
  if (shard === undefined) return;
  const late = shard.pending.filter(({ deadline }) => deadline <= host.now());
  shard.pending = shard.pending.slice(late.length);
  for (const waiting of late) refuse({ coordinator, host }, waiting, ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
  armTimer({ coordinator, host }, shard);
}
