import { logDirsOf } from '../api/config/broker-config.ts';
import { directoryOfPath } from '../log/log-directory.ts';
import { logSizeInBytes, type PartitionLog } from '../log/partition-log.ts';
import type {
  DescribeLogDirsPartition,
  DescribeLogDirsRequest,
  DescribeLogDirsResult,
  DescribeLogDirsTopic,
} from '../protocol/describe-log-dirs.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { allReplicas } from './replica.ts';
import { respond, type Incoming } from './requests.ts';

/** Disks have no end here. */
const UNKNOWN_VOLUME_BYTES = -1;

/** What lies in each of this broker's directories (`ReplicaManager.describeLogDirs`). */
export function handleDescribeLogDirs(broker: Broker, { token, body }: Incoming<'DescribeLogDirs'>): void {
  const { memory } = broker;
  const stored = storedIn(memory).filter(({ topic, partitionIndex }) => isAsked(body, topic, partitionIndex));
  const results = logDirsOf(memory.config).map((logDir, i) =>
    isOnline(broker, i)
      ? describe(
          logDir,
          stored.filter(({ directory }) => directory === i),
        )
      : { ...describe(logDir, []), errorCode: ERROR_CODES.KAFKA_STORAGE_ERROR },
  );
  respond<'DescribeLogDirs'>(broker, token, { throttleTimeMs: 0, errorCode: NONE, results });
}

/** A directory that came back is used from the next start on. */
export function isOnline({ memory: { directories }, context }: Broker, index: number): boolean {
  if (context.disk.failed.has(index)) return false;
  return directories === null || directories.online.includes(directories.ids[index] ?? '');
}

interface Stored extends DescribeLogDirsPartition {
  readonly topic: string;
  readonly directory: number;
}

function storedIn(memory: BrokerMemory): Stored[] {
  return [...allReplicas(memory)].flatMap(({ topic, partition: partitionIndex, name, log }) => {
    const future = memory.directories?.futures.get(name)?.log;
    const of = (one: PartitionLog, offsetLag: number): Stored => ({
      topic,
      directory: directoryOfPath(one.partition),
      partitionIndex,
      partitionSize: logSizeInBytes(one),
      offsetLag,
      isFutureKey: one === future,
    });
    const current = of(log, Math.max(log.highWatermark - log.logEndOffset, 0));
    return future === undefined ? [current] : [current, of(future, log.logEndOffset - future.logEndOffset)];
  });
}

const isAsked = ({ topics }: DescribeLogDirsRequest, topic: string, partition: number): boolean =>
  topics === null || topics.some((asked) => asked.topic === topic && asked.partitions.includes(partition));

const describe = (logDir: string, stored: readonly Stored[]): DescribeLogDirsResult => ({
  errorCode: NONE,
  logDir,
  topics: [...new Set(stored.map(({ topic }) => topic))].map((name) => topicIn(name, stored)),
  totalBytes: UNKNOWN_VOLUME_BYTES,
  usableBytes: UNKNOWN_VOLUME_BYTES,
  isCordoned: false,
});

const topicIn = (name: string, stored: readonly Stored[]): DescribeLogDirsTopic => ({
  name,
  partitions: stored
    .filter(({ topic }) => topic === name)
    .map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
      partitionIndex,
      partitionSize,
      offsetLag,
      isFutureKey,
    })),
});
