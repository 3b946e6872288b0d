import { millis } from '../base/time.ts';
import { cleanLog } from '../log/cleaner/clean-log.ts';
import { cleanableOf, cleanableRatio, isDue, type Cleanable } from '../log/cleaner/cleanable.ts';
import { logSizeInBytes } from '../log/partition-log.ts';
import { deleteOldSegments } from '../log/retention.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { allReplicas, type Replica } from './replica.ts';
import { trace } from './trace.ts';

const LOOK_TIMER = 'log-cleaner/look';
const PASS_TIMER = 'log-cleaner/pass';

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

export const isCleanerTimer = (timer: string): boolean => timer === LOOK_TIMER || timer === PASS_TIMER;

export const isCompacted = ({ log }: Replica): boolean => log.config['cleanup.policy'].includes('compact');

/** A log is not cleaned while it is copied to another directory (`LogManager.abortAndPauseCleaning`). */
const isMoving = ({ directories }: BrokerMemory, { name }: Replica): boolean =>
  directories?.futures.has(name) === true;

/** The one cleaner thread of a broker (`LogCleaner`): the dirtiest log first, a rest when there is none. */
export function startCleaner(broker: Broker): void {
  if (broker.memory.config['log.cleaner.enable']) rest(broker);
}

export function onCleanerTimer(broker: Broker, timer: string, data: unknown): void {
  if (timer === PASS_TIMER) finishPass(broker, data as RunningPass);
  look(broker);
}

function rest({ memory, context }: Broker): void {
  context.setTimer(LOOK_TIMER, millis(memory.config['log.cleaner.backoff.ms']));
}

/** Retention of compacted logs is the cleaner's work too, so that the two never meet in one log. */
function look(broker: Broker): void {
  const { memory, context } = broker;
  const compacted = [...allReplicas(memory)].filter(isCompacted);
  const found = filthiest(broker, compacted);
  for (const { log } of compacted) deleteOldSegments(log, context);
  if (found === undefined) {
    rest(broker);
    return;
  }
  const { topicId, partition } = found.replica;
  const pass: RunningPass = Object.freeze({ topicId, partition, startedMs: context.wallClockMs() });
  context.setTimer(PASS_TIMER, durationOf(broker, found.cleanable), pass);
}

interface Found {
  readonly replica: Replica;
  readonly cleanable: Cleanable;
}

function filthiest({ memory, context }: Broker, compacted: readonly Replica[]): Found | undefined {
  let best: Found | undefined;
  for (const replica of compacted) {
    if (isMoving(memory, replica)) continue;
    const cleanable = cleanableOf(replica.log, context);
    if (!isDue(replica.log, cleanable)) continue;
    if (best === undefined || cleanableRatio(cleanable) > cleanableRatio(best.cleanable))
      best = { replica, cleanable };
  }
  return best;
}

/** The dirty part is read for its keys, then everything is read and written anew. */
function durationOf({ memory }: Broker, { cleanBytes, cleanableBytes }: Cleanable): number {
  const bytes = cleanableBytes + 2 * (cleanBytes + cleanableBytes);
  const rate = Math.min(DISK_BYTES_PER_SECOND, memory.config['log.cleaner.io.max.bytes.per.second']);
  return Math.ceil((bytes * 1_000_000) / rate);
}

/** The log may have been cut or deleted meanwhile: what may be cleaned is asked again. */
function finishPass(broker: Broker, { topicId, partition, startedMs }: RunningPass): void {
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
  trace(broker, { type: 'log-cleaned', partition: replica.name, upTo: endOffset, bytesBefore, bytesAfter });
}

function mapCapacityOf({ memory }: Broker): number {
  const slots = Math.floor(memory.config['log.cleaner.dedupe.buffer.size'] / BYTES_PER_KEY);
  return Math.max(1, Math.floor(slots * memory.config['log.cleaner.io.buffer.load.factor']));
}
