import { directoryOf, isReservedDirectory } from '../metadata/directory-id.ts';
import { isActive, topicById } from '../metadata/metadata-image.ts';
import type { MetadataRecord, PartitionChangeRecord } from '../metadata/metadata-record.ts';
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '../protocol/assign-replicas-to-dirs.ts';
import type { BrokerHeartbeatRequest } from '../protocol/broker-heartbeat.ts';
import type { BrokerRegistrationRequest } from '../protocol/broker-registration.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import { changeRecord, leaderAndIsrUpdates } from './leadership.ts';

/** Ids that a broker may not register: reserved ones, one twice, or another broker's (`ClusterControlManager`). */
export function hasInvalidDirectories(
  { image }: Cluster,
  { brokerId, logDirs }: BrokerRegistrationRequest,
): boolean {
  const others = [...image.brokers.values()].filter((broker) => broker.brokerId !== brokerId);
  return (
    new Set(logDirs).size < logDirs.length ||
    logDirs.some((id) => isReservedDirectory(id) || others.some((other) => other.logDirs.includes(id)))
  );
}

/**
 * Directories of a broker failed: its replicas there leave every ISR and lead nothing, and the broker goes on with the
 * others. What was told before does nothing (`ReplicationControlManager.handleDirectoriesOffline`).
 */
export function directoriesFailed(
  cluster: Cluster,
  { brokerId: broker, brokerEpoch, offlineLogDirs = [] }: BrokerHeartbeatRequest,
): MetadataRecord[] {
  const online = cluster.image.brokers.get(broker)?.logDirs ?? [];
  const failed = online.filter((id) => offlineLogDirs.includes(id));
  if (failed.length === 0) return [];
  const logDirs = online.filter((id) => !failed.includes(id));
  return [
    ...failed.flatMap((directory) =>
      leaderAndIsrUpdates(cluster, {
        kind: 'leaves',
        broker,
        among: (partition) => directoryOf(partition, broker) === directory,
      }),
    ),
    { type: 'BrokerRegistrationChangeRecord', brokerId: broker, brokerEpoch, logDirs },
  ];
}

/** A broker says where its replicas are (`ReplicationControlManager.handleAssignReplicasToDirs`). */
export function assignReplicasToDirs(
  cluster: Cluster,
  request: AssignReplicasToDirsRequest,
): Decision<AssignReplicasToDirsResponse> {
  const { brokerId, brokerEpoch } = request;
  if (cluster.image.brokers.get(brokerId)?.brokerEpoch !== brokerEpoch)
    return answer({ throttleTimeMs: 0, errorCode: ERROR_CODES.STALE_BROKER_EPOCH, directories: [] });
  const records: PartitionChangeRecord[] = [];
  const directories = request.directories.map(({ id, topics }) => ({
    id,
    topics: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: assign(cluster, { broker: brokerId, directory: id, topicId, partitionIndex }, records),
      })),
    })),
  }));
  return { records, facts: [], response: { throttleTimeMs: 0, errorCode: NONE, directories } };
}

interface Assignment {
  readonly broker: number;
  readonly directory: Uuid;
  readonly topicId: Uuid;
  readonly partitionIndex: number;
}

/** In a directory that failed before the controller knew of the replica there, the replica is out of sync from now on. */
function assign(
  cluster: Cluster,
  { broker, directory, topicId, partitionIndex: partitionId }: Assignment,
  records: PartitionChangeRecord[],
): number {
  const { image } = cluster;
  const topic = topicById(image, topicId);
  if (topic === undefined) return ERROR_CODES.UNKNOWN_TOPIC_ID;
  const partition = topic.partitions[partitionId];
  if (partition === undefined) return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  if (!partition.replicas.includes(broker)) return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  const online = image.brokers.get(broker)?.logDirs.includes(directory) === true;
  const record = changeRecord(
    cluster,
    { topic, partitionId, partition },
    {
      targetDirectory: { broker, directory },
      ...(online ? {} : { targetIsr: partition.isr.filter((id) => id !== broker) }),
      ...(online ? {} : { isAcceptableLeader: (id: number) => id !== broker && isActive(image, id) }),
    },
  );
  if (record !== undefined) records.push(record);
  return NONE;
}
