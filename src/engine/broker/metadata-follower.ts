import { millis, type SimDuration } from '../base/time.ts';
import { METADATA_PARTITION, METADATA_TOPIC_ID } from '../metadata/metadata-log.ts';
import { replayBatches } from '../metadata/replay.ts';
import { NONE } from '../protocol/errors.ts';
import type { FetchResponse } from '../protocol/fetch.ts';
import { applyDelta } from './apply-metadata.ts';
import type { Broker } from './broker-memory.ts';
import { isServing } from './lifecycle.ts';
import { callController, channelOf, resetChannel, CONTROLLER_REQUEST_TIMEOUT } from './controller-channel.ts';

/*
 * A broker follows the metadata log as an observer of the quorum: it fetches what comes after what it has applied.
 * Simplification: it keeps no copy on its disk, so after a restart it reads the log from the beginning.
 */

export const METADATA_FETCH_TIMER = 'metadata-fetch';
/** How long the controller may hold a fetch when there is nothing new (`KafkaRaftClient.MAX_FETCH_WAIT_MS`). */
const MAX_WAIT_MS = 500;
const MAX_BYTES = 8 * 1024 * 1024;
/** `controller.quorum.retry.backoff.ms` is 20; a refused connection costs a little more. */
const RETRY: SimDuration = millis(50);

export function fetchMetadata(broker: Broker): void {
  const { memory, context } = broker;
  if (memory.lifecycle.state === 'SHUTTING_DOWN') return;
  const partition = {
    partition: METADATA_PARTITION,
    currentLeaderEpoch: -1,
    fetchOffset: memory.image.offset + 1,
    lastFetchedEpoch: -1,
    logStartOffset: 0,
    partitionMaxBytes: MAX_BYTES,
  };
  callController(broker, 'metadata', {
    api: 'Fetch',
    body: {
      maxWaitMs: MAX_WAIT_MS,
      minBytes: 1,
      maxBytes: MAX_BYTES,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
      forgottenTopicsData: [],
      rackId: '',
      replicaState: { replicaId: memory.settings.brokerId, replicaEpoch: memory.lifecycle.brokerEpoch },
    },
  });
  context.setTimer(METADATA_FETCH_TIMER, CONTROLLER_REQUEST_TIMEOUT);
}

/** Rings when a fetch was not answered, or when it is time to try again. */
export function onMetadataFetchTimer(broker: Broker): void {
  if (channelOf(broker.memory, 'metadata').pending.size > 0) resetChannel(broker, 'metadata');
  fetchMetadata(broker);
}

export function retryMetadataFetch({ context }: Broker): void {
  context.setTimer(METADATA_FETCH_TIMER, RETRY);
}

export function onMetadata(broker: Broker, response: FetchResponse): void {
  const answer = response.responses[0]?.partitions[0];
  if (response.errorCode !== NONE || answer === undefined || answer.errorCode !== NONE) {
    retryMetadataFetch(broker);
    return;
  }
  const { records } = answer;
  if (records !== null && records.length > 0) {
    const delta = replayBatches(broker.memory.image, records);
    if (isServing(broker.memory)) applyDelta(broker, delta);
  }
  fetchMetadata(broker);
}
