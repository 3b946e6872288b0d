import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchResponse } from '../protocol/fetch.ts';
import type { FetchSnapshotResponse } from '../protocol/fetch-snapshot.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { learn } from './elections.ts';
import { backOff, callVoter } from './links.ts';
import { appendFetched, cutDiverging } from './follower-log.ts';
import { logEnd, raiseHighWatermark } from './quorum-log.ts';
import type { OutgoingCall, Raft } from './raft-state.ts';
import { beginAtSnapshot, writeSnapshot } from './snapshot-log.ts';
import { restartFetchTimer } from './transitions.ts';

/** How long the leader may hold a fetch (`KafkaRaftClient.MAX_FETCH_WAIT_MS`). */
const MAX_FETCH_WAIT_MS = 500;

/** Reads on from the leader; or asks somebody, who will at least say who leads. */
export function fetchFrom(raft: Raft, context: NodeContext, voter: number): void {
  if (raft.incoming !== null) fetchSnapshotFrom(raft, context, voter);
  else fetchRecordsFrom(raft, context, voter);
}

function fetchRecordsFrom(raft: Raft, context: NodeContext, voter: number): void {
  const { nodeId, clusterId, settings, topic } = raft.options;
  const end = logEnd(raft, context.disk);
  const partition = {
    partition: 0,
    currentLeaderEpoch: raft.epoch,
    fetchOffset: end.offset,
    lastFetchedEpoch: end.epoch,
    logStartOffset: raft.log.logStartOffset,
    partitionMaxBytes: settings.fetchMaxBytes,
    highWatermark: raft.highWatermark,
  };
  const body = {
    maxWaitMs: MAX_FETCH_WAIT_MS,
    minBytes: 0,
    maxBytes: settings.fetchMaxBytes,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topicId: topic.id, partitions: [partition] }],
    forgottenTopicsData: [],
    rackId: '',
    clusterId,
    replicaState: { replicaId: nodeId, replicaEpoch: -1 },
  };
  callVoter(raft, context, voter, { api: 'Fetch', body, offset: end.offset });
}

/** Whether the answer is of this epoch's leader to this follower as it is now. */
const isCurrent = (raft: Raft, call: OutgoingCall): boolean =>
  raft.role === 'follower' && call.role === 'follower' && call.epoch === raft.epoch;

export function onFetchAnswer(
  raft: Raft,
  context: NodeContext,
  { voter, call }: { readonly voter: number; readonly call: OutgoingCall },
  response: FetchResponse,
): void {
  const answer = response.responses[0]?.partitions[0];
  if (answer === undefined) return backOff(raft, context, voter);
  if (answer.currentLeader !== undefined && learn(raft, context, answer.currentLeader)) return;
  if (answer.errorCode !== NONE || !isCurrent(raft, call)) return backOff(raft, context, voter);
  raft.hasFetched = true;
  restartFetchTimer(raft, context);
  if (call.offset !== raft.log.logEndOffset) return;
  if (answer.divergingEpoch !== undefined) {
    const { epoch, endOffset } = answer.divergingEpoch;
    cutDiverging(raft, context, { offset: endOffset, epoch });
  } else if (answer.snapshotId !== undefined)
    raft.incoming = { id: answer.snapshotId, batches: [], position: 0 };
  else {
    appendFetched(raft, context, answer.records ?? []);
    raiseHighWatermark(raft, context, answer.highWatermark);
  }
}

function fetchSnapshotFrom(raft: Raft, context: NodeContext, voter: number): void {
  const { incoming, options, epoch: currentLeaderEpoch } = raft;
  if (incoming === null) return;
  const { id: snapshotId, position } = incoming;
  const partition = { partition: 0, currentLeaderEpoch, snapshotId, position };
  const body = {
    clusterId: options.clusterId,
    replicaId: options.nodeId,
    maxBytes: options.settings.fetchMaxBytes,
    topics: [{ name: options.topic.name, partitions: [partition] }],
  };
  callVoter(raft, context, voter, { api: 'FetchSnapshot', body });
}

/** The last part makes it this voter's own: its log begins after it. */
export function onFetchSnapshotAnswer(
  raft: Raft,
  context: NodeContext,
  { voter, call }: { readonly voter: number; readonly call: OutgoingCall },
  response: FetchSnapshotResponse,
): void {
  const { incoming } = raft;
  const part = response.topics[0]?.partitions[0];
  if (part !== undefined && learn(raft, context, part.currentLeader)) return;
  if (part === undefined || incoming === null || !isCurrent(raft, call)) return backOff(raft, context, voter);
  if (part.errorCode !== NONE) {
    if (part.errorCode === ERROR_CODES.SNAPSHOT_NOT_FOUND) raft.incoming = null;
    return backOff(raft, context, voter);
  }
  restartFetchTimer(raft, context);
  incoming.batches.push(...part.unalignedRecords);
  for (const { sizeInBytes } of part.unalignedRecords) incoming.position += sizeInBytes;
  if (incoming.position < part.size) return;
  const { id, batches } = incoming;
  writeSnapshot(raft, context, { id, batches: Object.freeze(batches), sizeInBytes: part.size });
  beginAtSnapshot(raft, context);
  raft.incoming = null;
}
