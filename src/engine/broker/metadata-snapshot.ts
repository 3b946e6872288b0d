import { ensure } from '../base/assert.ts';
import { decodeMetadata, METADATA_PARTITION, METADATA_TOPIC } from '../metadata/metadata-log.ts';
import { imageOf, replaceImage } from '../metadata/snapshot.ts';
import { NONE } from '../protocol/errors.ts';
import type { FetchSnapshotResponse } from '../protocol/fetch-snapshot.ts';
import { applyDelta } from './apply-metadata.ts';
import type { Broker } from './broker-memory.ts';
import { callController } from './controller-channel.ts';
import { learnLeader, type ControllerQuorum } from './controller-quorum.ts';
import { isServing } from './lifecycle.ts';

const MAX_BYTES = 1_048_576;

/** The log begins after what this broker has: it reads the next part of the snapshot that stands for the rest. */
export function fetchSnapshot(
  broker: Broker,
  { id: snapshotId, position }: NonNullable<ControllerQuorum['incoming']>,
): void {
  const { settings, quorum } = broker.memory;
  const partition = {
    partition: METADATA_PARTITION,
    currentLeaderEpoch: quorum.epoch,
    snapshotId,
    position,
  };
  const topics = [{ name: METADATA_TOPIC, partitions: [partition] }];
  const { clusterId, brokerId: replicaId } = settings;
  callController(broker, 'metadata', {
    api: 'FetchSnapshot',
    body: { clusterId, replicaId, maxBytes: MAX_BYTES, topics },
  });
}

/** Returns whether it went on: the last part makes the image what the snapshot says. */
export function takeSnapshotPart(broker: Broker, response: FetchSnapshotResponse): boolean {
  const { memory } = broker;
  const part = response.topics[0]?.partitions[0];
  if (part === undefined || part.errorCode !== NONE) return false;
  learnLeader(memory, part.currentLeader);
  const incoming = ensure(memory.quorum.incoming, 'a snapshot that was asked for');
  incoming.batches.push(...part.unalignedRecords);
  for (const { sizeInBytes } of part.unalignedRecords) incoming.position += sizeInBytes;
  if (incoming.position < part.size) return true;
  const image = imageOf(
    incoming.batches.flatMap((batch) => decodeMetadata(batch)),
    incoming.id,
  );
  memory.quorum.incoming = null;
  const delta = replaceImage(memory.image, image);
  if (isServing(memory)) applyDelta(broker, delta);
  return true;
}
