import { closeLog } from '../log/recovery.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { Broker } from './broker-memory.ts';
import { unwritable } from './log-dir-failure.ts';
import { allReplicas } from './replica.ts';

/** Files of offsets by path of the log, written as a whole. */
export const HIGH_WATERMARKS = 'replication-offset-checkpoint';
export const LOG_STARTS = 'log-start-offset-checkpoint';

type Checkpoint = Readonly<Record<string, number>>;

const read = (context: NodeContext, file: string, partition: string): number =>
  (context.disk.values.get(file) as Checkpoint | undefined)?.[partition] ?? 0;

/** 0 for a partition that no checkpoint knows. */
export const checkpointedHighWatermark = (context: NodeContext, partition: string): number =>
  read(context, HIGH_WATERMARKS, partition);

export const checkpointedLogStart = (context: NodeContext, partition: string): number =>
  read(context, LOG_STARTS, partition);

export function checkpointHighWatermarks(broker: Broker): void {
  write(broker, HIGH_WATERMARKS, (log) => log.highWatermark);
}

export function checkpointLogStarts(broker: Broker): void {
  write(broker, LOG_STARTS, (log) => log.logStartOffset);
}

/** What cannot be written any more stays as it is; a broker that was asleep finds out about that here. */
function write(broker: Broker, file: string, offsetOf: (log: PartitionLog) => number): void {
  const { memory, context } = broker;
  const offsets: Record<string, number> = context.disk.failed.size > 0 ? unwritable(broker, file) : {};
  for (const { log } of allReplicas(memory)) offsets[log.partition] = offsetOf(log);
  context.disk.values.set(file, Object.freeze(offsets));
}

/** The end of an orderly stop. */
export function closeLogs(broker: Broker): void {
  for (const { log } of allReplicas(broker.memory)) closeLog(log, broker.context);
  checkpointHighWatermarks(broker);
  checkpointLogStarts(broker);
}
