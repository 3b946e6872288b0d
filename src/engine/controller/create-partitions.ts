import { err, ok, type Result } from '../base/result.ts';
import type { TopicImage } from '../metadata/metadata-image.ts';
import type { PartitionRecord } from '../metadata/metadata-record.ts';
import type {
  CreatePartitionsRequest,
  CreatePartitionsRequestTopic,
  CreatePartitionsResponse,
} from '../protocol/create-partitions.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { ApiError } from './api-error.ts';
import type { Cluster } from './controller-state.ts';
import { MAX_PARTITIONS } from './create-topics.ts';
import { answer, type Decision } from './decision.ts';
import { countProblem, replicasProblem } from './manual-assignment.ts';
import { newPartitionRecords, placePartitions } from './new-partitions.ts';
import type { Draw } from './replica-placer.ts';
import { UNLIMITED, type MutationQuota } from './unlimited-quota.ts';

/** Adds partitions to topics, each on its own; there is no way to take one away (`createPartitions`). */
export function createPartitions(
  cluster: Cluster,
  { topics, validateOnly }: CreatePartitionsRequest,
  draw: Draw,
  quota: MutationQuota = UNLIMITED,
): Decision<CreatePartitionsResponse> {
  const names = topics.map(({ name }) => name);
  const isTwice = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  const twice = [...new Set(names.filter(isTwice))].map((name) => ({ name, ...DUPLICATE }));
  const records: PartitionRecord[] = [];
  const results = topics
    .filter(({ name }) => !isTwice(name))
    .map((topic) => {
      const added = addPartitions(cluster, topic, draw, quota);
      if (!added.ok) return { name: topic.name, ...added.error };
      records.push(...added.value);
      return { name: topic.name, errorCode: NONE, errorMessage: null };
    });
  if (records.length > MAX_PARTITIONS)
    return answer({ throttleTimeMs: 0, results: topics.map(({ name }) => ({ name, ...TOO_MANY })) });
  const response = { throttleTimeMs: 0, results: [...twice, ...results] };
  return { records: validateOnly ? [] : records, facts: [], response };
}

/** More records than the controller writes at once. */
const TOO_MANY: ApiError = {
  errorCode: ERROR_CODES.POLICY_VIOLATION,
  errorMessage: 'Unable to perform excessively large batch operation.',
};

const DUPLICATE: ApiError = {
  errorCode: ERROR_CODES.INVALID_REQUEST,
  errorMessage: 'Duplicate topic name.',
};

const refuse = (errorCode: number, errorMessage: string | null): Result<never, ApiError> =>
  err({ errorCode, errorMessage });

function addPartitions(
  cluster: Cluster,
  { name, count, assignments }: CreatePartitionsRequestTopic,
  draw: Draw,
  quota: MutationQuota,
): Result<readonly PartitionRecord[], ApiError> {
  const topic = cluster.image.topics.get(name);
  if (topic === undefined) return refuse(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, null);
  const firstPartition = topic.partitions.length;
  const partitions = count - firstPartition;
  if (partitions <= 0) return refuse(ERROR_CODES.INVALID_PARTITIONS, noIncrease(topic, count));
  const isManual = assignments !== null;
  if (!isManual || assignments.length === partitions) {
    const tooMuch = quota.charge(partitions);
    if (tooMuch !== undefined) return err(tooMuch);
  }
  const replicas = isManual
    ? chosen(cluster, topic, { brokerIds: assignments.map((one) => one.brokerIds), partitions })
    : placePartitions(cluster, { partitions, replicationFactor: replicationFactorOf(topic) }, draw);
  if (!replicas.ok) return replicas;
  const { topicId } = topic;
  return newPartitionRecords(cluster, { topicId, firstPartition, replicas: replicas.value, isManual });
}

function noIncrease({ name, partitions: { length } }: TopicImage, count: number): string {
  if (count === length) return `Topic already has ${length} partition(s).`;
  return `The topic ${name} currently has ${length} partition(s); ${count} would not be an increase.`;
}

const replicationFactorOf = ({ partitions }: TopicImage): number => partitions[0]?.replicas.length ?? 0;

type Chosen = { readonly brokerIds: readonly (readonly number[])[]; readonly partitions: number };

function chosen(
  { image }: Cluster,
  topic: TopicImage,
  { brokerIds, partitions }: Chosen,
): Result<readonly (readonly number[])[], ApiError> {
  if (brokerIds.length !== partitions)
    return refuse(
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      `Attempted to add ${partitions} additional partition(s), but only ${brokerIds.length} ` +
        'assignment(s) were specified.',
    );
  const problem = brokerIds
    .map(
      (ids) =>
        replicasProblem(ids, (id) => image.brokers.has(id)) ??
        countProblem(ids.length, replicationFactorOf(topic)),
    )
    .find((one) => one !== undefined);
  return problem === undefined ? ok(brokerIds) : refuse(ERROR_CODES.INVALID_REPLICA_ASSIGNMENT, problem);
}
