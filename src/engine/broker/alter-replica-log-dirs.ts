import { logDirsOf } from '../api/config/broker-config.ts';
import { findLog } from '../log/log-directory.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { isOnline } from './describe-log-dirs.ts';
import { moveReplica } from './future-replicas.ts';
import { absenceByName, replicaByName } from './replica.ts';
import { respond, type Incoming } from './requests.ts';

/** Begins to move replicas to other directories of this broker (KIP-113, `ReplicaManager.alterReplicaLogDirs`). */
export function handleAlterReplicaLogDirs(
  broker: Broker,
  { token, body }: Incoming<'AlterReplicaLogDirs'>,
): void {
  const answers = body.dirs.flatMap(({ path, topics }) =>
    topics.flatMap(({ name, partitions }) =>
      partitions.map((partitionIndex) => ({
        topic: name,
        partitionIndex,
        errorCode: alter(broker, path, name, partitionIndex),
      })),
    ),
  );
  const results = [...new Set(answers.map(({ topic }) => topic))].map((topicName) => ({
    topicName,
    partitions: answers
      .filter(({ topic }) => topic === topicName)
      .map(({ partitionIndex, errorCode }) => ({ partitionIndex, errorCode })),
  }));
  respond<'AlterReplicaLogDirs'>(broker, token, { throttleTimeMs: 0, results });
}

/** One that is not here yet will be made there; who asks is told that it is not here all the same. */
function alter(broker: Broker, path: string, topic: string, partition: number): number {
  const { memory, context } = broker;
  const { directories } = memory;
  const index = logDirsOf(memory.config).indexOf(path);
  if (index < 0) return ERROR_CODES.LOG_DIR_NOT_FOUND;
  if (!isOnline(broker, index)) return ERROR_CODES.KAFKA_STORAGE_ERROR;
  const replica = replicaByName(memory, topic, partition);
  if (replica !== undefined) {
    if (directories !== null) moveReplica(broker, directories, replica, index);
    return NONE;
  }
  if (absenceByName(memory, topic, partition) === ERROR_CODES.KAFKA_STORAGE_ERROR)
    return ERROR_CODES.KAFKA_STORAGE_ERROR;
  const name = `${topic}-${partition}`;
  if (directories !== null && findLog(context.disk, directories.ids.length, name) === undefined)
    directories.preferred.set(name, index);
  const isKnown = memory.image.topics.get(topic)?.partitions[partition] !== undefined;
  return isKnown ? ERROR_CODES.REPLICA_NOT_AVAILABLE : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
}
