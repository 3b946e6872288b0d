import { PACKETS_MAX, type Packet } from '../../api/frame.ts';
import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import { topicById, type MetadataImage } from '../../metadata/metadata-image.ts';
import type { RequestMessage, ResponseMessage } from '../../protocol/message.ts';
import type { RecordBatch } from '../../protocol/record-batch.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import type { SimEvent } from '../../sim/event.ts';
import { shown } from '../prelude.ts';
import type { World } from '../world.ts';

interface Cargo {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly batches: readonly RecordBatch[] | null;
}

/** The messages under way, oldest first; those that a cut holds back are not. */
export function packets(world: World): Packet[] {
  const image = world.image();
  return (
    world.kernel.state.queue
      .all()
      // What a broker says to itself as a coordinator crosses no wire.
      .filter((event) => event.kind === 'deliver' && event.name !== event.node)
      .sort((x, y) => x.sequence - y.sequence)
      .slice(0, PACKETS_MAX)
      .map((event) => packet(event, image))
  );
}

function packet(event: SimEvent, image: MetadataImage): Packet {
  const message = event.payload as RequestMessage | ResponseMessage;
  const cargo = cargoOf(message);
  return {
    id: event.sequence,
    from: event.name,
    to: event.node,
    sentAt: shown(event.sentAt),
    arrivesAt: shown(event.at),
    api: message.api,
    response: message.kind === 'response',
    sizeInBytes: event.sizeInBytes,
    records: cargo.reduce((sum, { batches }) => sum + countRecords(batches), 0),
    partitions: cargo.flatMap(({ topicId, partition }) => nameOf(image, topicId, partition)),
  };
}

const countRecords = (batches: readonly RecordBatch[] | null): number =>
  (batches ?? []).reduce((sum, { records }) => sum + records.count, 0);

function nameOf(image: MetadataImage, topicId: Uuid, partition: number): TopicPartitionName[] {
  const topic = topicById(image, topicId);
  return topic === undefined ? [] : [topicPartition(topic.name, partition)];
}

/** What a message carries; only produce requests and fetch responses carry records. */
function cargoOf(message: RequestMessage | ResponseMessage): Cargo[] {
  if (message.kind === 'request' && message.api === 'Produce')
    return message.body.topicData.flatMap(({ topicId, partitionData }) =>
      partitionData.map(({ index, records }) => ({ topicId, partition: index, batches: records })),
    );
  if (message.kind === 'response' && message.api === 'Fetch')
    return message.body.responses.flatMap(({ topicId, partitions }) =>
      partitions
        .filter(({ records }) => (records?.length ?? 0) > 0)
        .map(({ partitionIndex, records }) => ({ topicId, partition: partitionIndex, batches: records })),
    );
  return [];
}
