import { assert } from '../base/assert.ts';
import { millis, type SimDuration } from '../base/time.ts';
import { METADATA_PARTITION, METADATA_TOPIC_ID } from '../metadata/metadata-log.ts';
import { replayBatches } from '../metadata/replay.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchSnapshotResponse } from '../protocol/fetch-snapshot.ts';
import type { FetchResponse, FetchResponsePartition } from '../protocol/fetch.ts';
import { applyDelta } from './apply-metadata.ts';
import type { Broker } from './broker-memory.ts';
import { callController, channelOf, resetChannel } from './controller-channel.ts';
import { forgetLeader, learnLeader } from './controller-quorum.ts';
import { isServing } from './lifecycle.ts';
import { fetchSnapshot, takeSnapshotPart } from './metadata-snapshot.ts';

/*
 * A broker follows the metadata log as an observer of the quorum: it fetches what comes after what it has applied, and so
 * learns who leads. Simplification: it keeps no copy on its disk, so after a restart it reads the log, or the snapshot it
 * begins with, from the beginning.
 */

export const METADATA_FETCH_TIMER = 'metadata-fetch';
/** How long the leader may hold a fetch when there is nothing new (`KafkaRaftClient.MAX_FETCH_WAIT_MS`). */
const MAX_WAIT_MS = 500;
const MAX_BYTES = 8 * 1024 * 1024;
/** `controller.quorum.retry.backoff.ms` is 20; a refused connection costs a little more. */
const RETRY: SimDuration = millis(50);

export function fetchMetadata(broker: Broker): void {
  const { memory, context } = broker;
  if (memory.lifecycle.state === 'SHUTTING_DOWN') return;
  if (memory.quorum.incoming === null) fetchRecords(broker);
  else fetchSnapshot(broker, memory.quorum.incoming);
  context.setTimer(METADATA_FETCH_TIMER, millis(memory.config['controller.quorum.request.timeout.ms']));
}

function fetchRecords(broker: Broker): void {
  const { image, quorum, settings, lifecycle } = broker.memory;
  const partition = {
    partition: METADATA_PARTITION,
    currentLeaderEpoch: quorum.epoch,
    fetchOffset: image.offset + 1,
    lastFetchedEpoch: image.epoch,
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
      replicaState: { replicaId: settings.brokerId, replicaEpoch: lifecycle.brokerEpoch },
    },
  });
}

/** Rings when a fetch was not answered, or when it is time to try again. */
export function onMetadataFetchTimer(broker: Broker): void {
  if (channelOf(broker.memory, 'metadata').pending.size > 0) {
    resetChannel(broker, 'metadata');
    forgetLeader(broker.memory);
  }
  fetchMetadata(broker);
}

/** Another controller may know more. */
export function retryMetadataFetch({ memory, context }: Broker): void {
  forgetLeader(memory);
  context.setTimer(METADATA_FETCH_TIMER, RETRY);
}

export function onMetadata(broker: Broker, response: FetchResponse): void {
  const answer = response.responses[0]?.partitions[0];
  if (response.errorCode !== NONE || answer === undefined || answer.errorCode !== NONE) {
    onRefused(broker, answer);
    return;
  }
  const { memory } = broker;
  assert(answer.divergingEpoch === undefined, 'an observer has only what is committed');
  if (answer.currentLeader !== undefined) learnLeader(memory, answer.currentLeader);
  if (answer.snapshotId !== undefined)
    memory.quorum.incoming = { id: answer.snapshotId, batches: [], position: 0 };
  else if (answer.records !== null && answer.records.length > 0) {
    const delta = replayBatches(memory.image, answer.records);
    if (isServing(memory)) applyDelta(broker, delta);
  }
  fetchMetadata(broker);
}

/** Whoever was asked does not lead, or this broker's epoch is old: perhaps the answer says who leads. */
function onRefused(broker: Broker, answer: FetchResponsePartition | undefined): void {
  const { memory } = broker;
  const { to } = channelOf(memory, 'metadata');
  const resigned = answer?.errorCode === ERROR_CODES.NOT_LEADER_OR_FOLLOWER && memory.quorum.leaderId === to;
  if (resigned) forgetLeader(memory);
  const hint = answer?.currentLeader;
  const isHint = hint !== undefined && !(resigned && hint.leaderId === to);
  if (isHint && learnLeader(memory, hint)) fetchMetadata(broker);
  else retryMetadataFetch(broker);
}

export function onMetadataSnapshot(broker: Broker, response: FetchSnapshotResponse): void {
  if (takeSnapshotPart(broker, response)) fetchMetadata(broker);
  else retryMetadataFetch(broker);
}
