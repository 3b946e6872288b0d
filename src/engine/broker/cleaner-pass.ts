import { cleanLog } from '../log/cleaner/clean-log.ts';
import { cleanableOf, type Cleanable } from '../log/cleaner/cleanable.ts';
import { logSizeInBytes } from '../log/partition-log.ts';
import type { Broker } from './broker-memory.ts';
import { isCompacted, isMoving, type Replica } from './replica.ts';
import { trace } from './trace.ts';

/** What the cleaner's disk reads and writes when nobody throttles it, in bytes a second. */
const DISK_BYTES_PER_SECOND = 200_000_000;
/** A key is kept as a hash of 16 bytes with an offset of 8 (`SkimpyOffsetMap`). */
const BYTES_PER_KEY = 24;

/** A pass under way: it takes as long as the disk needs, and then shows its result at one moment. */
interface RunningPass {
  readonly topicId: string;
  readonly partition: number;
  /** ms since 1970. */
  readonly startedMs: number;
}

/** A log with something to clean. */
export interface DirtyLog {
  readonly replica: Replica;
  readonly cleanable: Cleanable;
}

/** The timer rings when the pass is over. */
export function beginPass(broker: Broker, timer: string, { replica, cleanable }: DirtyLog): void {
  const { context } = broker;
  const { topicId, partition } = replica;
  const pass: RunningPass = Object.freeze({ topicId, partition, startedMs: context.wallClockMs() });
  context.setTimer(timer, durationOf(broker, cleanable), pass);
}

/** The dirty part is read for its keys, then everything is read and written anew. */
function durationOf({ memory }: Broker, { cleanBytes, cleanableBytes }: Cleanable): number {
  const bytes = cleanableBytes + 2 * (cleanBytes + cleanableBytes);
  const rate = Math.min(DISK_BYTES_PER_SECOND, memory.config['log.cleaner.io.max.bytes.per.second']);
  return Math.ceil((bytes * 1_000_000) / rate);
}

/** The log may have been cut or deleted meanwhile: what may be cleaned is asked again. */
export function finishPass(broker: Broker, data: unknown): void {
  const { topicId, partition, startedMs } = data as RunningPass;
  const { memory, context } = broker;
  const replica = memory.replicas.get(topicId)?.get(partition);
  if (replica === undefined || !isCompacted(replica) || isMoving(memory, replica)) return;
  const { log } = replica;
  const cleanable = cleanableOf(log, context);
  if (cleanable.cleanableBytes === 0) return;
  const bytesBefore = logSizeInBytes(log);
  const mapCapacity = mapCapacityOf(broker);
  const { endOffset } = cleanLog(log, context, { ...cleanable, mapCapacity, nowMs: startedMs });
  const bytesAfter = logSizeInBytes(log);
  trace(broker, {
    type: 'log-cleaned',
    partition: replica.name,
    upTo: endOffset,
    beganMs: startedMs,
    bytesBefore,
    bytesAfter,
  });
}

function mapCapacityOf({ memory }: Broker): number {
  const slots = Math.floor(memory.config['log.cleaner.dedupe.buffer.size'] / BYTES_PER_KEY);
  return Math.max(1, Math.floor(slots * memory.config['log.cleaner.io.buffer.load.factor']));
}
