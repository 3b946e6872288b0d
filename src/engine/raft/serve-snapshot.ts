import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  FetchSnapshotRequest,
  FetchSnapshotResponse,
  FetchSnapshotResponsePartition,
} from '../protocol/fetch-snapshot.ts';
import type { RequestMessage } from '../protocol/message.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { respondTo, sizeOf } from './answer.ts';
import { readSnapshot } from './quorum-log.ts';
import type { Raft } from './raft-state.ts';

/** A part of the snapshot that the reader was told to take. */
export function onFetchSnapshotRequest(
  raft: Raft,
  context: NodeContext,
  connection: ConnectionId,
  { correlationId, body }: RequestMessage<'FetchSnapshot'>,
): void {
  const { topic } = raft.options;
  const asked = body.topics[0]?.partitions[0];
  const part = asked === undefined ? undefined : snapshotPart(raft, context, asked, body.maxBytes);
  const topics = part === undefined ? [] : [{ name: topic.name, partitions: [part] }];
  const errorCode = part === undefined ? ERROR_CODES.INVALID_REQUEST : NONE;
  const answered: FetchSnapshotResponse = { throttleTimeMs: 0, errorCode, topics };
  const payload = sizeOf(part?.unalignedRecords ?? []);
  respondTo(context, { connection, correlationId, api: 'FetchSnapshot', payload }, answered);
}

type AskedSnapshot = FetchSnapshotRequest['topics'][number]['partitions'][number];

function snapshotPart(
  raft: Raft,
  context: NodeContext,
  asked: AskedSnapshot,
  maxBytes: number,
): FetchSnapshotResponsePartition {
  const { position, snapshotId } = asked;
  const currentLeader = { leaderId: raft.leaderId, leaderEpoch: raft.epoch };
  const nothing = { index: 0, snapshotId, currentLeader, size: 0, position, unalignedRecords: [] };
  if (raft.role !== 'leader') return { ...nothing, errorCode: ERROR_CODES.NOT_LEADER_OR_FOLLOWER };
  const snapshot = readSnapshot(context.disk, raft.options.topic.name);
  if (snapshot?.id.endOffset !== snapshotId.endOffset || snapshot.id.epoch !== snapshotId.epoch)
    return { ...nothing, errorCode: ERROR_CODES.SNAPSHOT_NOT_FOUND };
  const part: RecordBatch[] = [];
  let at = 0;
  for (const batch of snapshot.batches) {
    if (at >= position && (part.length === 0 || sizeOf(part) + batch.sizeInBytes <= maxBytes))
      part.push(batch);
    else if (at >= position) break;
    at += batch.sizeInBytes;
  }
  return { ...nothing, errorCode: NONE, size: snapshot.sizeInBytes, unalignedRecords: part };
}
