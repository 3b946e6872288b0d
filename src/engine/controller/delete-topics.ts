import { topicById } from '../metadata/metadata-image.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import type {
  DeleteTopicsRequest,
  DeleteTopicsRequestTopic,
  DeleteTopicsResponse,
  DeleteTopicsResponseResult,
} from '../protocol/delete-topics.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { Cluster } from './controller-state.ts';
import type { Decision } from './decision.ts';

/** Deletes topics by name or id, each on its own (`ControllerApis.deleteTopics`). */
export function deleteTopics(cluster: Cluster, request: DeleteTopicsRequest): Decision<DeleteTopicsResponse> {
  const responses = request.topics.map((asked) => resultOf(cluster, request, asked));
  const deleted = responses.filter(({ errorCode }) => errorCode === NONE);
  const records = deleted.map(({ topicId }): MetadataRecord => ({ type: 'RemoveTopicRecord', topicId }));
  return { records, facts: [], response: { throttleTimeMs: 0, responses } };
}

function resultOf(
  { config, image }: Cluster,
  { topics }: DeleteTopicsRequest,
  { name, topicId }: DeleteTopicsRequestTopic,
): DeleteTopicsResponseResult {
  const refused = (errorCode: number) => ({ name, topicId, errorCode, errorMessage: null });
  if (!config['delete.topic.enable']) return refused(ERROR_CODES.TOPIC_DELETION_DISABLED);
  const isSame = (other: DeleteTopicsRequestTopic): boolean =>
    other.name === name && other.topicId === topicId;
  const isNamedTwice = name !== null && topicId !== ZERO_UUID;
  if (isNamedTwice || topics.filter(isSame).length > 1) return refused(ERROR_CODES.INVALID_REQUEST);
  const topic = name === null ? topicById(image, topicId) : image.topics.get(name);
  if (topic !== undefined)
    return { name: topic.name, topicId: topic.topicId, errorCode: NONE, errorMessage: null };
  return refused(name === null ? ERROR_CODES.UNKNOWN_TOPIC_ID : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
}
