import { closeLog } from '../log/recovery.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { Broker } from './broker-memory.ts';
import { allReplicas } from './replica.ts';

/** Files of offsets by partition, written as a whole. */
const HIGH_WATERMARKS = 'replication-offset-checkpoint';
const LOG_STARTS = 'log-start-offset-checkpoint';

type Checkpoint = Readonly<Record<string, number>>;

const read = (context: NodeContext, file: string, partition: string): number =>
  (context.disk.values.get(file) as Checkpoint | undefined)?.[partition] ?? 0;

/** 0 for a partition that no checkpoint knows. */
export const checkpointedHighWatermark = (context: NodeContext, partition: string): number =>
  read(context, HIGH_WATERMARKS, partition);

export const checkpointedLogStart = (context: NodeContext, partition: string): number =>
  read(context, LOG_STARTS, partition);

export function checkpointHighWatermarks({ memory, context }: Broker): void {
  const offsets: Record<string, number> = {};
  for (const { name, log } of allReplicas(memory)) offsets[name] = log.highWatermark;
  context.disk.values.set(HIGH_WATERMARKS, Object.freeze(offsets));
}

export function checkpointLogStarts({ memory, context }: Broker): void {
  const offsets: Record<string, number> = {};
  for (const { name, log } of allReplicas(memory)) offsets[name] = log.logStartOffset;
  context.disk.values.set(LOG_STARTS, Object.freeze(offsets));
}

/** The end of an orderly stop. */
export function closeLogs(broker: Broker): void {
  for (const { log } of allReplicas(broker.memory)) closeLog(log, broker.context);
  checkpointHighWatermarks(broker);
  checkpointLogStarts(broker);
}
