import type { TraceEventData } from '../api/trace-event.ts';
import { shownTopicDefinitions, topicValue } from '../api/config/topic-values.ts';
import { err, ok, type Result } from '../base/result.ts';
import { METADATA_TOPIC } from '../metadata/metadata-log.ts';
import { CONFIG_RESOURCE, type ConfigRecord, type MetadataRecord } from '../metadata/metadata-record.ts';
import type {
  CreateTopicsRequest,
  CreateTopicsRequestTopic,
  CreateTopicsResponse,
  CreateTopicsResponseConfig,
  CreateTopicsResponseTopic,
} from '../protocol/create-topics.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import { topicConfigProblem } from './config-validation.ts';
import type { Cluster } from './controller-state.ts';
import type { Decision } from './decision.ts';
import type { ApiError } from './api-error.ts';
import { manualAssignment } from './manual-assignment.ts';
import { newPartitionRecords, placePartitions } from './new-partitions.ts';
import type { Draw } from './replica-placer.ts';
import { overridesOf } from './topic-config.ts';
import { collidingTopic, topicNameProblem } from '../metadata/topic-name.ts';
import { UNLIMITED, type MutationQuota } from './unlimited-quota.ts';

/** The two uses of chance in creating a topic. */
export interface TopicChance {
  readonly draw: Draw;
  readonly newTopicId: () => Uuid;
}

/** Most partitions that one request may ask for (`ReplicationControlManager.MAX_PARTITIONS_PER_BATCH`). */
export const MAX_PARTITIONS = 10_000;

interface NewTopic {
  readonly records: readonly MetadataRecord[];
  readonly response: CreateTopicsResponseTopic;
}

/** Creates topics, each on its own: one that cannot be does not stop the others (`createTopics`). */
export function createTopics(
  cluster: Cluster,
  request: CreateTopicsRequest,
  chance: TopicChance,
  quota: MutationQuota = UNLIMITED,
): Decision<CreateTopicsResponse> {
  const tooMany = countPartitions(cluster, request.topics) > MAX_PARTITIONS;
  const names = request.topics.map((topic) => topic.name);
  const distinct = request.topics.filter(({ name }, i) => names.indexOf(name) === i);
  const created = distinct.map((topic) => {
    const problem = tooMany ? TOO_MANY : requestProblem(topic.name, names);
    const result = problem === undefined ? createTopic(cluster, topic, chance, quota) : err(problem);
    return result.ok ? result.value : { records: [], response: failed(topic.name, result.error) };
  });
  const response = { throttleTimeMs: 0, topics: created.map((topic) => topic.response) };
  if (request.validateOnly) return { records: [], facts: [], response };
  const facts: TraceEventData[] = response.topics
    .filter((topic) => topic.errorCode === NONE)
    .map(({ name, numPartitions }) => ({ type: 'topic-created', topic: name, partitions: numPartitions }));
  return { records: created.flatMap((topic) => topic.records), facts, response };
}

const TOO_MANY: ApiError = {
  errorCode: ERROR_CODES.POLICY_VIOLATION,
  errorMessage: 'Excessively large number of partitions per request.',
};

function requestProblem(name: string, names: readonly string[]): ApiError | undefined {
  const problem = (errorMessage: string) => ({ errorCode: ERROR_CODES.INVALID_REQUEST, errorMessage });
  if (name === METADATA_TOPIC) return problem(`Creation of internal topic ${METADATA_TOPIC} is prohibited.`);
  return names.indexOf(name) === names.lastIndexOf(name) ? undefined : problem('Duplicate topic name.');
}

function countPartitions(cluster: Cluster, topics: readonly CreateTopicsRequestTopic[]): number {
  const byDefault = cluster.config['num.partitions'];
  return topics.reduce((sum, { assignments, numPartitions }) => {
    if (assignments.length > 0) return sum + assignments.length;
    return sum + (numPartitions === -1 ? byDefault : Math.max(numPartitions, 0));
  }, 0);
}

function createTopic(
  cluster: Cluster,
  topic: CreateTopicsRequestTopic,
  chance: TopicChance,
  quota: MutationQuota,
): Result<NewTopic, ApiError> {
  const problem = nameProblem(cluster, topic.name) ?? configsProblem(topic);
  if (problem !== undefined) return err(problem);
  const assigned = assign(cluster, topic, chance.draw);
  if (!assigned.ok) return assigned;
  const topicId = chance.newTopicId();
  const partitions = newPartitionRecords(cluster, {
    topicId,
    firstPartition: 0,
    replicas: assigned.value,
    isManual: topic.assignments.length > 0,
  });
  if (!partitions.ok) return partitions;
  const tooMuch = quota.charge(partitions.value.length);
  if (tooMuch !== undefined) return err(tooMuch);
  const records: MetadataRecord[] = [
    { type: 'TopicRecord', name: topic.name, topicId },
    ...configRecords(topic),
    ...partitions.value,
  ];
  return ok({ records, response: succeeded(cluster, topic, topicId, assigned.value) });
}

function nameProblem(cluster: Cluster, name: string): ApiError | undefined {
  const invalid = topicNameProblem(name);
  if (invalid !== undefined) return { errorCode: ERROR_CODES.INVALID_TOPIC_EXCEPTION, errorMessage: invalid };
  if (cluster.image.topics.has(name))
    return { errorCode: ERROR_CODES.TOPIC_ALREADY_EXISTS, errorMessage: `Topic '${name}' already exists.` };
  const other = collidingTopic(name, cluster.image.topics.keys());
  if (other === undefined) return undefined;
  return {
    errorCode: ERROR_CODES.INVALID_TOPIC_EXCEPTION,
    errorMessage: `Topic '${name}' collides with existing topic: ${other}`,
  };
}

function configsProblem({ configs }: CreateTopicsRequestTopic): ApiError | undefined {
  const nulls = configs.filter((config) => config.value === null).map((config) => config.name);
  const errorMessage =
    nulls.length > 0
      ? `Null value not supported for topic configs: ${nulls.join(',')}`
      : topicConfigProblem(Object.fromEntries(configs.map(({ name, value }) => [name, value ?? ''])));
  return errorMessage === undefined ? undefined : { errorCode: ERROR_CODES.INVALID_CONFIG, errorMessage };
}

const configRecords = ({ name: resourceName, configs }: CreateTopicsRequestTopic): ConfigRecord[] =>
  configs.map(({ name, value }) => ({
    type: 'ConfigRecord',
    resourceType: CONFIG_RESOURCE.TOPIC,
    resourceName,
    name,
    value,
  }));

type Assignment = readonly (readonly number[])[];

function assign(cluster: Cluster, topic: CreateTopicsRequestTopic, draw: Draw): Result<Assignment, ApiError> {
  const { replicationFactor, numPartitions, assignments } = topic;
  if (assignments.length > 0) {
    const extra =
      replicationFactor !== -1 ? 'replication factor' : numPartitions !== -1 ? 'numPartitions' : undefined;
    if (extra === undefined) return manualAssignment(assignments, (id) => cluster.image.brokers.has(id));
    const errorMessage = `A manual partition assignment was specified, but ${extra} was not set to -1.`;
    return err({ errorCode: ERROR_CODES.INVALID_REQUEST, errorMessage });
  }
  if (replicationFactor < -1 || replicationFactor === 0)
    return err({
      errorCode: ERROR_CODES.INVALID_REPLICATION_FACTOR,
      errorMessage: 'Replication factor must be larger than 0, or -1 to use the default value.',
    });
  if (numPartitions < -1 || numPartitions === 0)
    return err({
      errorCode: ERROR_CODES.INVALID_PARTITIONS,
      errorMessage: 'Number of partitions was set to an invalid non-positive value.',
    });
  const { config } = cluster;
  const wanted = {
    partitions: numPartitions === -1 ? config['num.partitions'] : numPartitions,
    replicationFactor: replicationFactor === -1 ? config['default.replication.factor'] : replicationFactor,
  };
  return placePartitions(cluster, wanted, draw);
}

const failed = (name: string, error: ApiError): CreateTopicsResponseTopic => ({
  name,
  topicId: ZERO_UUID,
  ...error,
  numPartitions: -1,
  replicationFactor: -1,
  configs: [],
});

const succeeded = (
  cluster: Cluster,
  topic: CreateTopicsRequestTopic,
  topicId: Uuid,
  assignment: Assignment,
): CreateTopicsResponseTopic => ({
  name: topic.name,
  topicId,
  errorCode: NONE,
  errorMessage: null,
  numPartitions: assignment.length,
  replicationFactor: assignment[0]?.length ?? 0,
  configs: effectiveConfigs(cluster, topic),
});

function effectiveConfigs(cluster: Cluster, topic: CreateTopicsRequestTopic): CreateTopicsResponseConfig[] {
  const own = Object.fromEntries(topic.configs.map(({ name, value }) => [name, value ?? '']));
  const set = overridesOf(cluster);
  return Object.entries(shownTopicDefinitions(own)).map(([name, definition]) => {
    const { value, source: configSource } = topicValue(set, own, name, definition);
    return { name, value, configSource, readOnly: false, isSensitive: false };
  });
}
