import { topicPartition } from '../../../api/ids.ts';
import { NONE } from '../../../protocol/errors.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';
import { ClientNode } from './client-node.ts';
import type { GroupMemberMemory } from './group-member.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** `t-0` */
export function placeOf(name: string): Place {
  const dash = name.lastIndexOf('-');
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}

/** Whether what is not committed counts, as `isolation.level` writes it. */
export type Isolation = 'read_uncommitted' | 'read_committed';

/** What ListOffsets(latest) answers at the leader: −1 if it is an error, undefined without a leader. */
export function latestOffset(
  cluster: BrokerCluster,
  { topic, partition }: Place,
  isolation: Isolation = 'read_uncommitted',
): number | undefined {
  const { leader } = cluster.partition(topic, partition);
  if (leader < 0 || !cluster.isUp(leader)) return undefined;
  const asked = { partitionIndex: partition, currentLeaderEpoch: -1, timestamp: -1 };
  const topics = [{ name: topic, partitions: [asked] }];
  const isolationLevel = isolation === 'read_committed' ? 1 : 0;
  const body = { replicaId: -1, isolationLevel, topics, timeoutMs: 1_000 };
  const answer = cluster.ask(leader, 'ListOffsets', body).topics[0]?.partitions[0];
  return answer?.errorCode === NONE ? answer.offset : -1;
}

/** What a fresh consumer reads from the beginning to the end offset that it saw at the start. */
export interface Reading {
  readonly endOffset: number;
  readonly values: readonly string[];
}

/** Undefined when nobody can say where the end is. */
export function readAll(cluster: BrokerCluster, place: Place, isolation: Isolation): Reading | undefined {
  const endOffset = latestOffset(cluster, place, isolation);
  if (endOffset === undefined || endOffset < 0) return undefined;
  const reader = new ClientNode<GroupMemberMemory>(cluster, 'group-member', 'reader', {
    id: 'reader',
    groupId: '',
    topics: [],
    partition: place,
    overrides: { 'isolation.level': isolation, 'enable.auto.commit': 'false' },
  });
  const name = topicPartition(place.topic, place.partition);
  const isThere = ({ consumer }: GroupMemberMemory): boolean =>
    (consumer.subscriptions.assigned.get(name)?.position?.offset ?? -1) >= endOffset;
  reader.await('the end of the partition', isThere);
  const values = reader.memory.values.map((value) => value ?? '');
  reader.vanish();
  return { endOffset, values };
}
