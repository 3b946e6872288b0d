import type { SimDuration, SimTime } from '../../base/time.ts';
import type { LedPartition } from '../network/cluster-metadata.ts';
import { NEVER } from '../network/network-client.ts';
import { closeForAppends, isFull, type ProducerBatch } from './producer-batch.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { RecordAccumulator, TopicQueues } from './record-accumulator.ts';
import { beginSequence, mayDrain, type Idempotence } from './sequences.ts';
import { updateLoadStats } from './sticky-partitioner.ts';

/** Who leads what, as the accumulator asks for it. */
export interface LeaderView {
  /** Broker id, negative without a leader. */
  leaderOf(topic: string, partition: number): number;
  leaderEpochOf(topic: string, partition: number): number;
  /** In the order in which they are drained. */
  ledBy(broker: number): readonly LedPartition[];
  partitionCount(topic: string): number;
  /** Only looked at by a rack-aware partitioner. */
  rackOf?(broker: number): string | null;
}

export interface ReadyCheck {
  /** Brokers that lead a partition with something to send now. */
  readonly brokers: Set<number>;
  /** How long until another may be, {@link NEVER} if only an event can make it so. */
  nextCheckIn: SimDuration;
  /** Topics with something to send and no leader to send it to. */
  readonly unknownLeaderTopics: Set<string>;
}

/** Which brokers can be sent to now (`RecordAccumulator.ready`). Refreshes the partitioners' load statistics. */
export function checkReady(accumulator: RecordAccumulator, view: LeaderView, now: SimTime): ReadyCheck {
  const check: ReadyCheck = { brokers: new Set(), nextCheckIn: NEVER, unknownLeaderTopics: new Set() };
  for (const topic of accumulator.topics.values()) {
    for (const queue of topic.partitions)
      if (queue !== undefined) checkQueue(accumulator, view, { check, queue, now });
    if (topic.sticky.current >= 0) refreshLoadStats(accumulator, topic, view);
  }
  return check;
}

interface QueueCheck {
  readonly check: ReadyCheck;
  readonly queue: PartitionQueue;
  readonly now: SimTime;
}

function checkQueue(
  accumulator: RecordAccumulator,
  view: LeaderView,
  { check, queue, now }: QueueCheck,
): void {
  const batch = queue.waiting[0];
  if (batch === undefined) return;
  const leader = view.leaderOf(queue.topic, queue.partition);
  if (leader < 0) {
    check.unknownLeaderTopics.add(queue.topic);
    return;
  }
  noteLeaderEpoch(batch, view.leaderEpochOf(queue.topic, queue.partition));
  if (queue.muted || check.brokers.has(leader)) return;
  const waited = now - batch.lastAttemptAt;
  const backingOff = isBackingOff(batch, now);
  const wait = backingOff ? batch.retryWait : accumulator.settings.linger;
  const { exhausted, closed, completing, flushBelow } = accumulator;
  const full = queue.waiting.length > 1 || isFull(batch);
  const sendable = full || waited >= wait || exhausted || closed || completing || flushBelow > 0;
  if (sendable && !backingOff) check.brokers.add(leader);
  else check.nextCheckIn = Math.min(check.nextCheckIn, Math.max(wait - waited, 0));
}

/** A change of the leader ends the backoff of a retry: the new leader may take it at once (KIP-951). */
function noteLeaderEpoch(batch: ProducerBatch, epoch: number): void {
  if (epoch <= batch.leaderEpoch) return;
  batch.leaderEpoch = epoch;
  batch.attemptsAtLeaderChange = batch.attempts;
}

function isBackingOff(batch: ProducerBatch, now: SimTime): boolean {
  if (batch.attempts === 0 || now - batch.lastAttemptAt >= batch.retryWait) return false;
  return batch.attemptsAtLeaderChange !== batch.attempts;
}

/** Statistics exist once every partition of the topic has a queue; slow brokers' partitions are left out. */
function refreshLoadStats(accumulator: RecordAccumulator, topic: TopicQueues, view: LeaderView): void {
  const { adaptivePartitioning, availabilityTimeout } = accumulator.settings;
  if (!adaptivePartitioning || topic.made < view.partitionCount(topic.name)) {
    updateLoadStats(topic.sticky, null);
    return;
  }
  const queueSizes: number[] = topic.partitions.map(() => 0);
  const partitionIds: number[] = [];
  const leaderRacks: (string | null)[] = [];
  for (const queue of topic.partitions) {
    if (queue === undefined) continue;
    const leader = view.leaderOf(topic.name, queue.partition);
    if (leader < 0) continue;
    const latency = accumulator.latency.get(leader);
    const late = latency !== undefined && latency.readyAt - latency.drainedAt > availabilityTimeout;
    if (availabilityTimeout > 0 && late && queue.waiting.length > 0) continue;
    queueSizes[partitionIds.length] = queue.waiting.length;
    partitionIds.push(queue.partition);
    leaderRacks.push(view.rackOf?.(leader) ?? null);
  }
  updateLoadStats(topic.sticky, { queueSizes, partitionIds, length: partitionIds.length, leaderRacks });
}

export interface Drain {
  readonly broker: number;
  /** Bytes; the first batch goes even if it is larger. */
  readonly maxSize: number;
  readonly now: SimTime;
}

export interface DrainedBatch {
  readonly queue: PartitionQueue;
  readonly batch: ProducerBatch;
}

/**
 * Takes out what one request to a broker carries: at most one batch of each partition, beginning where the last drain
 * stopped, so that no partition starves (`RecordAccumulator.drainBatchesForOneNode`). The batches count as under way.
 */
export function drain(
  accumulator: RecordAccumulator,
  idempotence: Idempotence,
  view: LeaderView,
  { broker, maxSize, now }: Drain,
): DrainedBatch[] {
  const led = view.ledBy(broker);
  const drained: DrainedBatch[] = [];
  if (led.length === 0) return drained;
  const start = (accumulator.drainIndex.get(broker) ?? 0) % led.length;
  let size = 0;
  for (let i = 0; i < led.length; i++) {
    const index = (start + i) % led.length;
    accumulator.drainIndex.set(broker, index);
    const { topic, partition } = led[index] as LedPartition;
    const queue = accumulator.topics.get(topic)?.partitions[partition];
    const first = queue?.waiting[0];
    if (queue === undefined || first === undefined || queue.muted) continue;
    noteLeaderEpoch(first, view.leaderEpochOf(topic, partition));
    if (isBackingOff(first, now)) continue;
    if (drained.length > 0 && size + first.size > maxSize) break;
    if (!mayDrain(idempotence, queue, first)) break;
    take(idempotence, queue, first);
    size += first.size;
    drained.push({ queue, batch: first });
  }
  return drained;
}

function take(idempotence: Idempotence, queue: PartitionQueue, batch: ProducerBatch): void {
  queue.waiting.shift();
  closeForAppends(batch);
  beginSequence(idempotence, queue, batch);
  queue.inFlight.push(batch);
}
