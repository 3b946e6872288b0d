import {
  isAlive,
  isOnline,
  topicById,
  type MetadataImage,
  type TopicImage,
} from '../metadata/metadata-image.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import { NO_OPERATIONS, TOPIC_OPERATIONS } from '../protocol/authorized-operations.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  MetadataRequest,
  MetadataRequestTopic,
  MetadataResponse,
  MetadataResponseBroker,
  MetadataResponsePartition,
  MetadataResponseTopic,
} from '../protocol/metadata.ts';
import { ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import { createTopicAutomatically } from './auto-topic-creation.ts';
import { nodeOfBroker, type Broker, type BrokerMemory } from './broker-memory.ts';
import { isInternalTopic } from './coordinator-topic.ts';
import { respond, type Incoming } from './requests.ts';

const PORT = 9_092;
const NO_LEADER_ID = -1;
/** Bytes of a partition or a broker in the answer. */
const ENTRY_SIZE = 50;

/** The cluster as this broker knows it: who is there, and who leads what. The host of a broker is its machine's name. */
export function handleMetadata(broker: Broker, { token, body, version }: Incoming<'Metadata'>): void {
  const { memory } = broker;
  const invalid = misnamed(body, version);
  if (invalid !== NONE) {
    respond<'Metadata'>(broker, token, refusedMetadata(memory, body, invalid));
    return;
  }
  const wanted = wantedTopics(broker, body);
  const topics = body.includeTopicAuthorizedOperations ? wanted.map(withOperations) : wanted;
  const brokers = aliveBrokers(memory);
  const entries = brokers.length + topics.reduce((sum, topic) => sum + topic.partitions.length + 1, 0);
  const response = {
    throttleTimeMs: 0,
    brokers,
    clusterId: memory.settings.clusterId,
    controllerId: brokers.length === 0 ? -1 : memory.settings.brokerId,
    topics,
    errorCode: NONE,
  };
  respond<'Metadata'>(broker, token, response, entries * ENTRY_SIZE);
}

/** Clients before this version name topics, though there is a field for their ids. */
const FIRST_WITH_IDS = 12;

/** What is wrong with how topics are named: by id too early, or by nothing at all, which the broker stumbles over. */
function misnamed({ topics }: MetadataRequest, version: number): number {
  if (topics === null) return NONE;
  const isNamed = ({ name }: MetadataRequestTopic): boolean => name !== null;
  const hasId = ({ topicId }: MetadataRequestTopic): boolean => topicId !== ZERO_UUID;
  if (version < FIRST_WITH_IDS)
    return topics.every((topic) => isNamed(topic) && !hasId(topic)) ? NONE : ERROR_CODES.INVALID_REQUEST;
  return topics.some(hasId) || topics.every(isNamed) ? NONE : ERROR_CODES.UNKNOWN_SERVER_ERROR;
}

const refusedMetadata = (
  { settings }: BrokerMemory,
  { topics }: MetadataRequest,
  errorCode: number,
): MetadataResponse => ({
  throttleTimeMs: 0,
  brokers: [],
  clusterId: settings.clusterId,
  controllerId: -1,
  topics: (topics ?? []).map(({ name, topicId }) => missing(name ?? '', topicId, errorCode)),
  errorCode,
});

/** Of a topic without a name nothing is told. */
const withOperations = (topic: MetadataResponseTopic): MetadataResponseTopic =>
  topic.name === null ? topic : { ...topic, topicAuthorizedOperations: TOPIC_OPERATIONS };

export function endpointOf(
  memory: BrokerMemory,
  nodeId: number,
): { readonly nodeId: number; readonly host: string; readonly port: number } {
  return { nodeId, host: nodeOfBroker(memory, nodeId) ?? '', port: PORT };
}

function aliveBrokers(memory: BrokerMemory): MetadataResponseBroker[] {
  const registrations = [...memory.image.brokers.values()].filter(({ fenced }) => !fenced);
  return registrations.map(({ brokerId, rack }) => ({ ...endpointOf(memory, brokerId), rack }));
}

function wantedTopics(
  broker: Broker,
  { topics, allowAutoTopicCreation }: MetadataRequest,
): MetadataResponseTopic[] {
  const { image } = broker.memory;
  if (topics === null) return [...image.topics.values()].map((topic) => describe(image, topic));
  // Whoever names one topic by id names all of them so; each is told once.
  const ids = new Set(topics.map(({ topicId }) => topicId).filter((topicId) => topicId !== ZERO_UUID));
  if (ids.size > 0) return [...ids].map((topicId) => topicWithId(image, topicId));
  return [...new Set(topics.map(({ name }) => name))].map((name) => {
    const topic = name === null ? undefined : image.topics.get(name);
    return topic === undefined
      ? unknownTopic(broker, name ?? '', allowAutoTopicCreation)
      : describe(image, topic);
  });
}

function topicWithId(image: MetadataImage, topicId: Uuid): MetadataResponseTopic {
  const topic = topicById(image, topicId);
  return topic === undefined ? missing(null, topicId, ERROR_CODES.UNKNOWN_TOPIC_ID) : describe(image, topic);
}

function unknownTopic(broker: Broker, name: string, mayCreate: boolean): MetadataResponseTopic {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..')
    return missing(name, ZERO_UUID, ERROR_CODES.INVALID_TOPIC_EXCEPTION);
  if (mayCreate && broker.memory.config['auto.create.topics.enable']) createTopicAutomatically(broker, name);
  return missing(name, ZERO_UUID, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
}

const missing = (name: string | null, topicId: string, errorCode: number): MetadataResponseTopic => ({
  errorCode,
  name,
  topicId,
  isInternal: false,
  partitions: [],
  topicAuthorizedOperations: NO_OPERATIONS,
});

const describe = (
  image: MetadataImage,
  { name, topicId, partitions }: TopicImage,
): MetadataResponseTopic => ({
  errorCode: NONE,
  name,
  topicId,
  isInternal: isInternalTopic(name),
  partitions: partitions.map((partition, index) => describePartition(image, partition, index)),
  topicAuthorizedOperations: NO_OPERATIONS,
});

function describePartition(
  image: MetadataImage,
  partition: PartitionRegistration,
  partitionIndex: number,
): MetadataResponsePartition {
  const isLed = isAlive(image, partition.leader);
  return {
    errorCode: isLed ? NONE : ERROR_CODES.LEADER_NOT_AVAILABLE,
    partitionIndex,
    leaderId: isLed ? partition.leader : NO_LEADER_ID,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    offlineReplicas: partition.replicas.filter((id) => !isOnline(image, partition, id)),
  };
}
