import { topicById, type MetadataImage, type TopicImage } from '../metadata/metadata-image.ts';
import { LEADER_RECOVERY_STATE, type PartitionChangeRecord } from '../metadata/metadata-record.ts';
import { mergePartition, type PartitionRegistration } from '../metadata/partition-registration.ts';
import type {
  AlterPartitionRequest,
  AlterPartitionRequestBrokerState,
  AlterPartitionRequestPartition,
  AlterPartitionRequestTopic,
  AlterPartitionResponse,
  AlterPartitionResponsePartition,
} from '../protocol/alter-partition.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import { changeRecord } from './leadership.ts';
import { uncleanElectionEnabled } from './topic-config.ts';

/** A leader asks for another ISR, or reports that it has recovered (`ReplicationControlManager.alterPartition`). */
export function alterPartition(
  cluster: Cluster,
  request: AlterPartitionRequest,
): Decision<AlterPartitionResponse> {
  if (cluster.image.brokers.get(request.brokerId)?.brokerEpoch !== request.brokerEpoch)
    return answer({ throttleTimeMs: 0, errorCode: ERROR_CODES.STALE_BROKER_EPOCH, topics: [] });
  const records: PartitionChangeRecord[] = [];
  const topics = request.topics.map((topic) => ({
    topicId: topic.topicId,
    partitions: alterTopic(cluster, { leader: request.brokerId, topic }, records),
  }));
  return { records, facts: [], response: { throttleTimeMs: 0, errorCode: NONE, topics } };
}

interface TopicWish {
  /** The broker that asks. */
  readonly leader: number;
  readonly topic: AlterPartitionRequestTopic;
}

function alterTopic(
  cluster: Cluster,
  { leader, topic }: TopicWish,
  records: PartitionChangeRecord[],
): AlterPartitionResponsePartition[] {
  const known = topicById(cluster.image, topic.topicId);
  if (known === undefined)
    return topic.partitions.map((wish) => failed(wish.partitionIndex, ERROR_CODES.UNKNOWN_TOPIC_ID));
  return topic.partitions.map((wish) => {
    const partition = known.partitions[wish.partitionIndex];
    if (partition === undefined) return failed(wish.partitionIndex, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
    const error = validate(cluster.image, { leader, partition, wish });
    if (error !== NONE) return failed(wish.partitionIndex, error);
    const record = recordFor(cluster, known, wish);
    if (record === undefined) return succeeded(wish.partitionIndex, partition);
    records.push(record);
    // Only the end of a reassignment moves the leader away from the one that asks.
    if (record.leader !== undefined && record.leader !== leader)
      return failed(wish.partitionIndex, ERROR_CODES.NEW_LEADER_ELECTED);
    return succeeded(wish.partitionIndex, mergePartition(partition, record));
  });
}

function recordFor(
  cluster: Cluster,
  topic: TopicImage,
  wish: AlterPartitionRequestPartition,
): PartitionChangeRecord | undefined {
  const partition = topic.partitions[wish.partitionIndex];
  if (partition === undefined) return undefined;
  return changeRecord(
    cluster,
    { topic, partitionId: wish.partitionIndex, partition },
    {
      targetIsr: wish.newIsrWithEpochs.map((replica) => replica.brokerId),
      targetRecoveryState: wish.leaderRecoveryState,
      election: uncleanElectionEnabled(cluster, topic.name) ? 'UNCLEAN' : 'ONLINE',
    },
  );
}

interface IsrWish {
  readonly leader: number;
  readonly partition: PartitionRegistration;
  readonly wish: AlterPartitionRequestPartition;
}

/** In Kafka's order: who is newer, who leads, what is wished, and last who is wished for. */
function validate(image: MetadataImage, { leader, partition, wish }: IsrWish): number {
  // Whoever knows a later epoch than the controller has found a controller of the past.
  if (wish.leaderEpoch > partition.leaderEpoch) return ERROR_CODES.NOT_CONTROLLER;
  if (wish.partitionEpoch > partition.partitionEpoch) return ERROR_CODES.NOT_CONTROLLER;
  if (wish.leaderEpoch < partition.leaderEpoch) return ERROR_CODES.FENCED_LEADER_EPOCH;
  if (leader !== partition.leader) return ERROR_CODES.INVALID_REQUEST;
  if (wish.partitionEpoch < partition.partitionEpoch) return ERROR_CODES.INVALID_UPDATE_VERSION;
  if (!isPossible(partition, wish)) return ERROR_CODES.INVALID_REQUEST;
  const eligible = wish.newIsrWithEpochs.every((replica) => isEligible(image, replica));
  return eligible ? NONE : ERROR_CODES.INELIGIBLE_REPLICA;
}

/** Distinct replicas with the leader among them; a leader that recovers is alone, and never begins to. */
function isPossible(partition: PartitionRegistration, wish: AlterPartitionRequestPartition): boolean {
  const isr = wish.newIsrWithEpochs.map((replica) => replica.brokerId);
  if (new Set(isr).size !== isr.length || !isr.every((id) => partition.replicas.includes(id))) return false;
  if (!isr.includes(partition.leader)) return false;
  if (wish.leaderRecoveryState !== LEADER_RECOVERY_STATE.RECOVERING) return true;
  return isr.length === 1 && partition.leaderRecoveryState === LEADER_RECOVERY_STATE.RECOVERING;
}

/** KIP-903: the incarnation that the leader saw fetching must be the one that is registered. */
function isEligible(image: MetadataImage, replica: AlterPartitionRequestBrokerState): boolean {
  const broker = image.brokers.get(replica.brokerId);
  if (broker === undefined || broker.inControlledShutdown || broker.fenced) return false;
  return replica.brokerEpoch === -1 || replica.brokerEpoch === broker.brokerEpoch;
}

const failed = (partitionIndex: number, errorCode: number): AlterPartitionResponsePartition => ({
  partitionIndex,
  errorCode,
  leaderId: 0,
  leaderEpoch: 0,
  isr: [],
  leaderRecoveryState: 0,
  partitionEpoch: 0,
});

const succeeded = (
  partitionIndex: number,
  partition: PartitionRegistration,
): AlterPartitionResponsePartition => ({
  partitionIndex,
  errorCode: NONE,
  leaderId: partition.leader,
  leaderEpoch: partition.leaderEpoch,
  isr: partition.isr,
  leaderRecoveryState: partition.leaderRecoveryState,
  partitionEpoch: partition.partitionEpoch,
});
