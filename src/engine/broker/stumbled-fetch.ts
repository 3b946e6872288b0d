import { ERROR_CODES } from '../protocol/errors.ts';
import type { FetchRequest, FetchResponse } from '../protocol/fetch.ts';
import type { Broker } from './broker-memory.ts';
import type { FetchContext } from './fetch-session.ts';

/** Whether a fetch wants a partition that this broker has heard of. */
export const readsSomething = ({ memory: { image } }: Broker, { targets }: FetchContext): boolean =>
  targets.some(({ topicId, asked }) => {
    const topic = image.topics.get(image.topicNames.get(topicId) ?? '');
    return topic?.partitions[asked.partition] !== undefined;
  });

/** The broker cannot make sense of a fetch, and says so of every partition that the request names. */
export function stumbled({ topics }: FetchRequest): FetchResponse {
  const errorCode = ERROR_CODES.UNKNOWN_SERVER_ERROR;
  const responses = topics.map(({ partitions, ...topic }) => ({
    ...topic,
    partitions: partitions.map(({ partition }) => ({ ...NOTHING, partitionIndex: partition, errorCode })),
  }));
  return { throttleTimeMs: 0, errorCode, sessionId: 0, responses };
}

const NOTHING = {
  highWatermark: -1,
  lastStableOffset: -1,
  logStartOffset: -1,
  abortedTransactions: [],
  preferredReadReplica: -1,
  records: [],
};
