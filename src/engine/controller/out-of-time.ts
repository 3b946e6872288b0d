import { ERROR_CODES } from '../protocol/errors.ts';
import type { ApiName, RequestMessage, ResponseBody } from '../protocol/message.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { CreateTopicsRequestTopic, CreateTopicsResponseTopic } from '../protocol/create-topics.ts';

const LATE = { errorCode: ERROR_CODES.REQUEST_TIMED_OUT, errorMessage: null } as const;

/**
 * The answer to who leaves the controller no time: its change is over before its turn comes, and nothing is done
 * (`ControllerRequestContext.deadlineNs`, `KafkaEventQueue`). Undefined for whoever waits, or asks for something that has no
 * end of time.
 */
export const outOfTime = (message: RequestMessage): ResponseBody<ApiName> | undefined =>
  isQueued(message) ? lateAnswer(message) : undefined;

/** What asks for nothing, or names all its topics twice, is answered before it has to wait for its turn. */
function isQueued({ api, body }: RequestMessage): boolean {
  if (api === 'AlterPartitionReassignments') return body.topics.length > 0;
  if (api !== 'CreateTopics' && api !== 'CreatePartitions') return true;
  const names = body.topics.map(({ name }) => name);
  return names.some((name) => names.indexOf(name) === names.lastIndexOf(name));
}

function lateAnswer({ api, body }: RequestMessage): ResponseBody<ApiName> | undefined {
  switch (api) {
    case 'CreateTopics':
      return { throttleTimeMs: 0, topics: body.topics.map(lateTopic) };
    case 'DeleteTopics':
      return { throttleTimeMs: 0, responses: body.topics.map((topic) => ({ ...topic, ...LATE })) };
    case 'CreatePartitions':
      return { throttleTimeMs: 0, results: body.topics.map(({ name }) => ({ name, ...LATE })) };
    case 'ElectLeaders': {
      const replicaElectionResults = (body.topicPartitions ?? []).map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map((partitionId) => ({ partitionId, ...LATE })),
      }));
      return { throttleTimeMs: 0, errorCode: LATE.errorCode, replicaElectionResults };
    }
    case 'AlterPartitionReassignments': {
      const { allowReplicationFactorChange, topics } = body;
      const responses = topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, ...LATE })),
      }));
      return { throttleTimeMs: 0, allowReplicationFactorChange, ...LATE, responses };
    }
    default:
      return undefined;
  }
}

const lateTopic = ({ name }: CreateTopicsRequestTopic): CreateTopicsResponseTopic => ({
  name,
  topicId: ZERO_UUID,
  ...LATE,
  numPartitions: -1,
  replicationFactor: -1,
  configs: [],
});
