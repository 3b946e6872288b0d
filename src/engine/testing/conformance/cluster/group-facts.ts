import { ensure } from '../../../base/assert.ts';
import { ERROR_CODES, errorName, NONE } from '../../../protocol/errors.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';
import type { Json } from '../case-file.ts';

const WITHIN_MS = 60_000;
const RETRY_MS = 100;

/** Errors by which a coordinator asks for patience. */
const TRANSIENT: readonly number[] = [
  ERROR_CODES.NOT_COORDINATOR,
  ERROR_CODES.COORDINATOR_NOT_AVAILABLE,
  ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS,
];

/** Asks a group's coordinator, whoever it is, until it answers for good. */
function askCoordinator<T extends { readonly errorCode: number }>(
  cluster: BrokerCluster,
  group: string,
  ask: (broker: number) => T | undefined,
): T {
  const until = cluster.now + WITHIN_MS * 1_000;
  for (;;) {
    const any = ensure(
      cluster.brokerIds.find((id) => cluster.isAlive(id)),
      'a broker that is alive',
    );
    const asked = { keyType: 0, coordinatorKeys: [group] };
    const found = cluster.ask(any, 'FindCoordinator', asked).coordinators[0];
    const isThere = found?.errorCode === NONE && cluster.isUp(found.nodeId);
    const answer = isThere ? ask(found.nodeId) : undefined;
    if (answer !== undefined && (!TRANSIENT.includes(answer.errorCode) || cluster.now >= until)) return answer;
    cluster.runFor(RETRY_MS);
  }
}

/** State, type and size of a group as an operator sees it. */
export function stateOf(cluster: BrokerCluster, group: string): Json {
  const includeAuthorizedOperations = false;
  const consumer = askCoordinator(cluster, group, (broker) => {
    const body = { groupIds: [group], includeAuthorizedOperations };
    return cluster.ask(broker, 'ConsumerGroupDescribe', body).groups[0];
  });
  if (consumer.errorCode === NONE)
    return { state: consumer.groupState, type: 'Consumer', members: consumer.members.length };
  const classic = askCoordinator(cluster, group, (broker) => {
    const body = { groups: [group], includeAuthorizedOperations };
    return cluster.ask(broker, 'DescribeGroups', body).groups[0];
  });
  if (classic.errorCode !== NONE) return { error: errorName(classic.errorCode) };
  return { state: classic.groupState, type: 'Classic', members: classic.members.length };
}

/** The offsets that count, by partition. */
export function committedOffsets(cluster: BrokerCluster, groupId: string): Json {
  const answer = askCoordinator(cluster, groupId, (broker) => {
    const groups = [{ groupId, memberId: null, memberEpoch: -1, topics: null }];
    return cluster.ask(broker, 'OffsetFetch', { groups, requireStable: false }).groups[0];
  });
  const offsets: Record<string, number> = {};
  const names = new Map([...cluster.topicIds()].map(([name, id]) => [id, name]));
  for (const { topicId, partitions } of answer.topics)
    for (const { partitionIndex, committedOffset } of partitions)
      if (committedOffset >= 0) offsets[`${names.get(topicId) ?? topicId}-${partitionIndex}`] = committedOffset;
  return offsets;
}
