import { ERROR_CODES, isRetriable, NONE, refreshesMetadata } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { leaderEpochOf, leaderOf } from '../network/cluster-metadata.ts';
import { requestMetadata, wantTopic } from '../network/metadata-refresh.ts';
import { bodyOf, isReady, NEVER, sendRequest, type Completion } from '../network/network-client.ts';
import { end, retryLater, type Admin, type AdminRequest, type PendingCall } from './admin-state.ts';
import type { PartitionOffset, PartitionResult } from './admin-state.ts';

const CONSUMER_REPLICA_ID = -1;

/** Sends what is open of a call to the leaders of its partitions, one request each. */
export function sendPartitions(admin: Admin, context: NodeContext, pending: PendingCall): void {
  const { network } = admin;
  const groups = new Map<number, PartitionOffset[]>();
  const rest: PartitionOffset[] = [];
  for (const item of pending.open) {
    wantTopic(network, item.topic);
    const leader = leaderOf(network.metadata, item.topic, item.partition);
    if (leader < 0) {
      rest.push(item);
      requestMetadata(network);
    } else groups.set(leader, [...(groups.get(leader) ?? []), item]);
  }
  for (const [broker, items] of [...groups].sort(([a], [b]) => a - b)) {
    if (!isReady(network, context, broker)) {
      rest.push(...items);
      continue;
    }
    send(admin, context, pending, { broker, items });
    pending.underWay += 1;
  }
  pending.open = rest;
  if (rest.length > 0) retryLater(admin, context, pending);
  else pending.notBefore = NEVER;
}

function send(
  admin: Admin,
  context: NodeContext,
  { token, call }: PendingCall,
  { broker, items }: { readonly broker: number; readonly items: readonly PartitionOffset[] },
): void {
  const { network } = admin;
  const mark: AdminRequest = Object.freeze({ type: 'partitions', token, asked: Object.freeze([...items]) });
  const names = [...new Set(items.map(({ topic }) => topic))];
  const timeoutMs = network.settings.config['request.timeout.ms'];
  const of = (name: string): PartitionOffset[] => items.filter(({ topic }) => topic === name);
  if (call.type === 'delete-records') {
    const topics = names.map((name) => ({
      name,
      partitions: of(name).map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
    }));
    const body = { topics, timeoutMs };
    sendRequest(network, context, { destination: broker, api: 'DeleteRecords', body, context: mark });
    return;
  }
  const topics = names.map((name) => ({
    name,
    partitions: of(name).map(({ partition, offset }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: leaderEpochOf(network.metadata, name, partition),
      timestamp: offset,
    })),
  }));
  const body = { replicaId: CONSUMER_REPLICA_ID, isolationLevel: 0, topics, timeoutMs };
  sendRequest(network, context, { destination: broker, api: 'ListOffsets', body, context: mark });
}

/** Takes one leader's answers; what can be tried again is open again. Ends the call when nothing is left. */
export function finishPartitions(
  admin: Admin,
  context: NodeContext,
  pending: PendingCall,
  {
    asked,
    completion,
  }: { readonly asked: readonly PartitionOffset[]; readonly completion: Completion<AdminRequest> },
): void {
  pending.underWay -= 1;
  const again: PartitionOffset[] = [];
  for (const item of asked) {
    const result = resultOf(item, completion);
    if (refreshesMetadata(result.error)) requestMetadata(admin.network);
    if (isRetriable(result.error)) again.push(item);
    else pending.results.push(Object.freeze(result));
  }
  pending.open = [...pending.open, ...again];
  if (pending.open.length > 0) retryLater(admin, context, pending);
  else if (pending.underWay === 0)
    end(admin, {
      type: 'partitions-answered',
      token: pending.token,
      error: NONE,
      results: Object.freeze(pending.results),
    });
}

function resultOf(item: PartitionOffset, completion: Completion<AdminRequest>): PartitionResult {
  const ofTopic = ({ name }: { readonly name: string }): boolean => name === item.topic;
  const ofPartition = ({ partitionIndex }: { readonly partitionIndex: number }): boolean =>
    partitionIndex === item.partition;
  const deleted = bodyOf(completion, 'DeleteRecords')?.topics.find(ofTopic)?.partitions.find(ofPartition);
  if (deleted !== undefined)
    return { ...item, error: deleted.errorCode, offset: deleted.lowWatermark, timestamp: -1 };
  const listed = bodyOf(completion, 'ListOffsets')?.topics.find(ofTopic)?.partitions.find(ofPartition);
  if (listed !== undefined)
    return { ...item, error: listed.errorCode, offset: listed.offset, timestamp: listed.timestamp };
  const error = completion.error === NONE ? ERROR_CODES.UNKNOWN_SERVER_ERROR : completion.error;
  return { ...item, error, offset: -1, timestamp: -1 };
}
