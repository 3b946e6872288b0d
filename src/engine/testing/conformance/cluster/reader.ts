import { ERROR_CODES, NONE } from '../../../protocol/errors.ts';
import { nextOffset } from '../../../protocol/record-batch.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** `t-0` */
export function placeOf(name: string): Place {
  const dash = name.lastIndexOf('-');
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}

/** What ListOffsets(latest) answers at the leader: −1 if it is an error, undefined without a leader. */
export function latestOffset(cluster: BrokerCluster, { topic, partition }: Place): number | undefined {
  const { leader } = cluster.partition(topic, partition);
  if (leader < 0 || !cluster.isUp(leader)) return undefined;
  const asked = { partitionIndex: partition, currentLeaderEpoch: -1, timestamp: -1 };
  const topics = [{ name: topic, partitions: [asked] }];
  const body = { replicaId: -1, isolationLevel: 0, topics, timeoutMs: 1_000 };
  const answer = cluster.ask(leader, 'ListOffsets', body).topics[0]?.partitions[0];
  return answer?.errorCode === NONE ? answer.offset : -1;
}

/** All values from the beginning to `end`, as a consumer reads them. */
export function readValues(cluster: BrokerCluster, place: Place, end: number): string[] {
  const values: string[] = [];
  const { leader } = cluster.partition(place.topic, place.partition);
  let fetchOffset = 0;
  while (fetchOffset < end) {
    const partition = fetch(cluster, leader, place, fetchOffset);
    if (partition.errorCode === ERROR_CODES.OFFSET_OUT_OF_RANGE) fetchOffset = partition.logStartOffset;
    for (const batch of partition.records ?? []) {
      values.push(...batch.records.values.map((value) => value ?? ''));
      fetchOffset = nextOffset(batch);
    }
  }
  return values;
}

function fetch(cluster: BrokerCluster, leader: number, { topic, partition }: Place, fetchOffset: number) {
  const asked = {
    partition,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: 1_048_576,
  };
  const answer = cluster.ask(leader, 'Fetch', {
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 52_428_800,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topicId: cluster.topicId(topic), partitions: [asked] }],
    forgottenTopicsData: [],
    rackId: '',
  });
  const [read] = answer.responses[0]?.partitions ?? [];
  if (read === undefined) throw new Error('a fetch without an answer');
  return read;
}
