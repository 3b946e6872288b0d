import type { ApiName, RequestBody } from '../../protocol/message.ts';
import type { JoinGroupRequest } from '../../protocol/join-group.ts';
import type { FetchRequest } from '../../protocol/fetch.ts';
import type { ProduceRequest } from '../../protocol/produce.ts';
import type { SyncGroupRequest } from '../../protocol/sync-group.ts';

/** Size field, request header and client id. */
const HEADER = 32;
/** What a partition costs in a request besides its records. */
const PER_PARTITION = 40;
/** A small request: a few ids and names. */
const SMALL = 96;

/**
 * About how many bytes a request takes on the wire. Record batches and group metadata are exact; the fields around them,
 * a few per cent of what travels, are estimated.
 */
export function requestSize<A extends ApiName>(api: A, body: RequestBody<A>): number {
  switch (api) {
    case 'Produce':
      return HEADER + produceSize(body as ProduceRequest);
    case 'Fetch':
      return HEADER + fetchSize(body as FetchRequest);
    case 'JoinGroup':
      return HEADER + SMALL + metadataSize(body as JoinGroupRequest);
    case 'SyncGroup':
      return HEADER + SMALL + assignmentSize(body as SyncGroupRequest);
    default:
      return HEADER + SMALL;
  }
}

function produceSize(body: ProduceRequest): number {
  let size = 0;
  for (const topic of body.topicData)
    for (const partition of topic.partitionData) {
      size += PER_PARTITION;
      for (const batch of partition.records ?? []) size += batch.sizeInBytes;
    }
  return size;
}

const fetchSize = (body: FetchRequest): number =>
  body.topics.reduce((size, topic) => size + topic.partitions.length * PER_PARTITION, 0);

const metadataSize = (body: JoinGroupRequest): number =>
  body.protocols.reduce((size, protocol) => size + protocol.metadata.length, 0);

const assignmentSize = (body: SyncGroupRequest): number =>
  body.assignments.reduce((size, { memberId, assignment }) => size + memberId.length + assignment.length, 0);
