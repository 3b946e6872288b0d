import type { Uuid } from '../../protocol/uuid.ts';
import type { TopicLookup } from '../coordinator-host.ts';

/** From this version on OffsetCommit and OffsetFetch say topics by id (KIP-848). */
export const TOPIC_ID_VERSION = 10;

interface NamedTopic {
  readonly topicId: Uuid;
  readonly name?: string;
}

/** The topic's name as the request's version says it; undefined if the id is not known. */
export const topicNameOf = (topics: TopicLookup, version: number, topic: NamedTopic): string | undefined =>
  version >= TOPIC_ID_VERSION ? topics.nameOf(topic.topicId) : topic.name;
