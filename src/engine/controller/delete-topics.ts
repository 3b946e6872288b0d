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
import { UNLIMITED, type MutationQuota } from './unlimited-quota.ts';

/**
 * Deletes topics by name or id, each on its own (`ControllerApis.deleteTopics`). What is named twice gets one answer and
 * is not deleted; that goes for a topic that is given by its name and its id too.
 */
export function deleteTopics(
  cluster: Cluster,
  request: DeleteTopicsRequest,
  quota: MutationQuota = UNLIMITED,
): Decision<DeleteTopicsResponse> {
  const { image } = cluster;
  const asked = request.topics.filter((topic, i) => request.topics.findIndex(isSame(topic)) === i);
  const ids = asked.flatMap(({ name, topicId }) => (name === null ? [topicId] : []));
  const alsoById = ({ name }: DeleteTopicsRequestTopic): boolean =>
    name !== null && image.topics.has(name) && ids.includes(image.topics.get(name)?.topicId ?? ZERO_UUID);
  const byBoth = asked.filter(alsoById).map(({ name }) => image.topics.get(name ?? '')?.topicId);
  const responses = asked
    .filter(({ name, topicId }) => name !== null || !byBoth.includes(topicId))
    .map((topic) =>
      alsoById(topic)
        ? { ...topic, topicId: image.topics.get(topic.name ?? '')?.topicId ?? ZERO_UUID, ...INVALID }
        : resultOf(cluster, request, topic, quota),
    );
  const deleted = responses.filter(({ errorCode }) => errorCode === NONE);
  const records = deleted.map(({ topicId }): MetadataRecord => ({ type: 'RemoveTopicRecord', topicId }));
  return { records, facts: [], response: { throttleTimeMs: 0, responses } };
}

const INVALID = { errorCode: ERROR_CODES.INVALID_REQUEST, errorMessage: null } as const;

const isSame =
  ({ name, topicId }: DeleteTopicsRequestTopic) =>
  (other: DeleteTopicsRequestTopic): boolean =>
    other.name === name && other.topicId === topicId;

function resultOf(
  { config, image }: Cluster,
  { topics }: DeleteTopicsRequest,
  asked: DeleteTopicsRequestTopic,
  quota: MutationQuota,
): DeleteTopicsResponseResult {
  const { name, topicId } = asked;
  const refused = (errorCode: number) => ({ name, topicId, errorCode, errorMessage: null });
  if (!config['delete.topic.enable']) return refused(ERROR_CODES.TOPIC_DELETION_DISABLED);
  const isSaidOnce = (name === null) !== (topicId === ZERO_UUID);
  if (!isSaidOnce || topics.filter(isSame(asked)).length > 1) return { name, topicId, ...INVALID };
  const topic = name === null ? topicById(image, topicId) : image.topics.get(name);
  if (topic !== undefined) {
    const result = quota.charge(topic.partitions.length) ?? { errorCode: NONE, errorMessage: null };
    return { name: topic.name, topicId: topic.topicId, ...result };
  }
  return refused(name === null ? ERROR_CODES.UNKNOWN_TOPIC_ID : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
}
