import { NO_LEADER, type PartitionChangeRecord } from '../metadata/metadata-record.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type {
  ElectLeadersRequest,
  ElectLeadersResponse,
  ElectLeadersResponsePartitionResult,
} from '../protocol/elect-leaders.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import { allPartitions, changeRecord } from './leadership.ts';
import type { Election } from './partition-wish.ts';
import { uncleanElectionEnabled } from './topic-config.ts';

/** `ElectionType` of the request, by its number. */
const ELECTION_TYPES: readonly Election[] = ['PREFERRED', 'UNCLEAN'];

/** Most leaders that one timer moves; it comes back at once for the rest (`MAX_ELECTIONS_PER_IMBALANCE`). */
const MAX_ELECTIONS = 1_000;

const hasPreferredLeader = ({ leader, replicas }: PartitionRegistration): boolean => leader === replicas[0];

/** An operator asks for elections (`ReplicationControlManager.electLeaders`). */
export function electLeaders(cluster: Cluster, request: ElectLeadersRequest): Decision<ElectLeadersResponse> {
  const election = ELECTION_TYPES[request.electionType];
  if (election === undefined)
    return answer({ throttleTimeMs: 0, errorCode: ERROR_CODES.INVALID_REQUEST, replicaElectionResults: [] });
  const records: PartitionChangeRecord[] = [];
  const all = request.topicPartitions === null;
  const replicaElectionResults = (request.topicPartitions ?? everyPartition(cluster)).map(
    ({ topic, partitions }) => {
      const results = partitions.map((partition) =>
        electOne(cluster, { topic, partition, election }, records),
      );
      // Asked for all, Kafka does not list those that already have the right leader.
      const needed = results.filter((result) => result.errorCode !== ERROR_CODES.ELECTION_NOT_NEEDED);
      return { topic, partitionResult: all ? needed : results };
    },
  );
  return { records, facts: [], response: { throttleTimeMs: 0, errorCode: NONE, replicaElectionResults } };
}

const everyPartition = ({ image }: Cluster) =>
  [...image.topics.values()].map(({ name: topic, partitions }) => ({
    topic,
    partitions: [...partitions.keys()],
  }));

interface OneElection {
  readonly topic: string;
  readonly partition: number;
  readonly election: Election;
}

function electOne(
  cluster: Cluster,
  { topic: name, partition: partitionId, election }: OneElection,
  records: PartitionChangeRecord[],
): ElectLeadersResponsePartitionResult {
  const result = (errorCode: number, errorMessage: string | null = null) => ({
    partitionId,
    errorCode,
    errorMessage,
  });
  const topic = cluster.image.topics.get(name);
  const partition = topic?.partitions[partitionId];
  if (topic === undefined || partition === undefined)
    return result(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, `No such partition as ${name}-${partitionId}`);
  const needed = election === 'PREFERRED' ? !hasPreferredLeader(partition) : partition.leader === NO_LEADER;
  if (!needed) return result(ERROR_CODES.ELECTION_NOT_NEEDED);
  const record = changeRecord(cluster, { topic, partitionId, partition }, { election });
  if (record === undefined)
    return result(
      election === 'PREFERRED'
        ? ERROR_CODES.PREFERRED_LEADER_NOT_AVAILABLE
        : ERROR_CODES.ELIGIBLE_LEADERS_NOT_AVAILABLE,
    );
  records.push(record);
  return result(NONE);
}

/** Gives leadership back to preferred replicas. The response says whether there may be more to do. */
export function balanceLeaders(cluster: Cluster): Decision<boolean> {
  return electWhere(cluster, 'PREFERRED', (partition) => !hasPreferredLeader(partition));
}

/** Looks for leaders that nobody else would be, where the topic allows it. */
export function electUncleanLeaders(cluster: Cluster): Decision<boolean> {
  return electWhere(
    cluster,
    'UNCLEAN',
    ({ leader }, topic) => leader === NO_LEADER && uncleanElectionEnabled(cluster, topic),
  );
}

function electWhere(
  cluster: Cluster,
  election: Election,
  isMeant: (partition: PartitionRegistration, topic: string) => boolean,
): Decision<boolean> {
  const records: PartitionChangeRecord[] = [];
  for (const place of allPartitions(cluster)) {
    if (records.length >= MAX_ELECTIONS) break;
    if (!isMeant(place.partition, place.topic.name)) continue;
    const record = changeRecord(cluster, place, { election });
    if (record !== undefined) records.push(record);
  }
  return { records, facts: [], response: records.length >= MAX_ELECTIONS };
}
