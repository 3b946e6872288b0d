import type { CreateTopic } from '../../../api/admin-act.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import { ANY, ask, failed, firstOf, verdict, type Act, type Tool } from './tool.ts';

/** How long a controller may take, in ms. */
const TIMEOUT_MS = 30_000;

/** `kafka-topics --create`. */
export const createTopic: Tool<CreateTopic> = (act, told) => {
  const answer = firstOf(told, 'CreateTopics');
  if (answer !== undefined) return verdict(answer.topics[0], `Created topic ${act.topic}.`);
  const { topic: name, partitions: numPartitions, replicationFactor, config = {} } = act;
  const configs = Object.keys(config)
    .sort()
    .map((key) => ({ name: key, value: config[key] ?? null }));
  const topics = [{ name, numPartitions, replicationFactor, assignments: [], configs }];
  return ask(ANY, 'CreateTopics', { topics, timeoutMs: TIMEOUT_MS, validateOnly: false });
};

/** `kafka-topics --delete`. */
export const deleteTopic: Tool<Act<'delete-topic'>> = ({ topic }, told) => {
  const answer = firstOf(told, 'DeleteTopics');
  if (answer !== undefined) return verdict(answer.responses[0], `Deleted topic ${topic}.`);
  const topics = [{ name: topic, topicId: ZERO_UUID }];
  return ask(ANY, 'DeleteTopics', { topics, timeoutMs: TIMEOUT_MS });
};

/** `kafka-topics --alter --partitions`. */
export const createPartitions: Tool<Act<'create-partitions'>> = ({ topic, partitions }, told) => {
  const answer = firstOf(told, 'CreatePartitions');
  if (answer !== undefined)
    return verdict(answer.results[0], `Topic ${topic} has ${partitions} partitions now.`);
  const topics = [{ name: topic, count: partitions, assignments: null }];
  return ask(ANY, 'CreatePartitions', { topics, timeoutMs: TIMEOUT_MS, validateOnly: false });
};

/** `kafka-delete-records`. */
export const deleteRecords: Tool<Act<'delete-records'>> = ({ topic, partition, offset }, told) => {
  const answer = firstOf(told, 'DeleteRecords');
  if (answer === undefined) {
    const topics = [{ name: topic, partitions: [{ partitionIndex: partition, offset }] }];
    return ask({ to: 'leader', topic, partition }, 'DeleteRecords', { topics, timeoutMs: TIMEOUT_MS });
  }
  const result = answer.topics[0]?.partitions[0];
  return verdict(result, `The log of ${topic}-${partition} begins at offset ${result?.lowWatermark} now.`);
};

/** `kafka-reassign-partitions --execute` and `--cancel`. */
export const reassignPartition: Tool<Act<'reassign-partition'>> = (act, told) => {
  const { topic, partition, replicas } = act;
  const answer = firstOf(told, 'AlterPartitionReassignments');
  if (answer === undefined) {
    const topics = [{ name: topic, partitions: [{ partitionIndex: partition, replicas }] }];
    return ask(ANY, 'AlterPartitionReassignments', {
      timeoutMs: TIMEOUT_MS,
      allowReplicationFactorChange: true,
      topics,
    });
  }
  if (answer.errorCode !== 0) return failed(answer.errorCode, answer.errorMessage);
  const what =
    replicas === null
      ? `Cancelled the reassignment of ${topic}-${partition}.`
      : `Started the reassignment of ${topic}-${partition} to brokers ${replicas.join(', ')}.`;
  return verdict(answer.responses[0]?.partitions[0], what);
};

const UPGRADE_TYPES = { upgrade: 1, 'safe-downgrade': 2, 'unsafe-downgrade': 3 } as const;

/** `kafka-features`. */
export const updateFeature: Tool<Act<'update-feature'>> = ({ feature, level, change }, told) => {
  const answer = firstOf(told, 'UpdateFeatures');
  if (answer !== undefined) return verdict(answer, `${feature} is at level ${level} now.`);
  const featureUpdates = [{ feature, maxVersionLevel: level, upgradeType: UPGRADE_TYPES[change] }];
  return ask(ANY, 'UpdateFeatures', { timeoutMs: TIMEOUT_MS, featureUpdates, validateOnly: false });
};

/** `kafka-cluster unregister`. */
export const unregisterBroker: Tool<Act<'unregister-broker'>> = ({ broker }, told) => {
  const answer = firstOf(told, 'UnregisterBroker');
  if (answer !== undefined) return verdict(answer, `Broker ${broker} is no longer registered.`);
  return ask(ANY, 'UnregisterBroker', { brokerId: broker });
};
