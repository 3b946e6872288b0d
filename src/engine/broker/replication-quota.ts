import { LONG_MAX } from '../api/config/config-key.ts';
import type { TopicConfig } from '../api/config/topic-config.ts';
import type { ThrottleFacts } from '../api/entities/node.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { rateNamed, recordRate, simpleRate, type RateSettings } from './rate-window.ts';
import { allReplicas, type Replica, type ThrottledSide } from './replica.ts';

const LISTS = [
  ['leader', 'leader.replication.throttled.replicas'],
  ['follower', 'follower.replication.throttled.replicas'],
] as const;

/** On which sides a topic's configuration throttles this broker's replica of a partition (`TopicConfigHandler`). */
export const throttledSides = (
  { settings }: BrokerMemory,
  config: TopicConfig,
  partition: number,
): readonly ThrottledSide[] =>
  LISTS.flatMap(([side, key]) => (names(config[key], partition, settings.brokerId) ? [side] : []));

const names = (listed: readonly string[], partition: number, brokerId: number): boolean =>
  listed.some((item) => {
    const [ofPartition, ofBroker] = item.split(':').map(Number);
    return item === '*' || (ofPartition === partition && ofBroker === brokerId);
  });

/** How busy the throttled partitions of this broker are, on each side that has any. */
export function throttleFacts(memory: BrokerMemory, nowMs: number): readonly ThrottleFacts[] {
  const replicas = [...allReplicas(memory)];
  return LISTS.flatMap(([side]) => {
    const partitions = replicas.filter((replica) => isThrottledAs(replica, side)).length;
    if (partitions === 0) return [];
    const limit = replicationLimit(memory, side);
    const bytesPerSecond = Math.round(replicationRate(memory, side, nowMs));
    return [{ side, partitions, bytesPerSecond, limit: limit === LONG_MAX ? null : limit }];
  });
}

/** Whether the rate matters to it in the role that it has. */
const isThrottledAs = ({ role, throttled }: Replica, side: ThrottledSide): boolean =>
  role === side && throttled.includes(side);

const settingsOf = ({ config }: BrokerMemory): RateSettings => ({
  samples: config['replication.quota.window.num'],
  sampleMs: config['replication.quota.window.size.seconds'] * 1_000,
});

const nameOf = (side: ThrottledSide): string => `replication/${side}`;

/** In bytes a second. */
export const replicationLimit = ({ config }: BrokerMemory, side: ThrottledSide): number =>
  side === 'leader'
    ? config['leader.replication.throttled.rate']
    : config['follower.replication.throttled.rate'];

/** What passes of throttled partitions on this side, in bytes a second. */
export function replicationRate(memory: BrokerMemory, side: ThrottledSide, nowMs: number): number {
  const window = memory.rates.get(nameOf(side));
  return window === undefined ? 0 : simpleRate(window, nowMs, settingsOf(memory));
}

/**
 * Whether a throttled replica has to wait: one that is in sync never has, though its bytes count too, so that the rate is
 * that of the whole traffic (KIP-73).
 */
export function mustWait(broker: Broker, replica: Replica, side: ThrottledSide): boolean {
  const { memory, context } = broker;
  if (!replica.throttled.includes(side)) return false;
  return replicationRate(memory, side, context.wallClockMs()) > replicationLimit(memory, side);
}

/** Counts bytes of a replica, if it is throttled. */
export function recordReplication(
  { memory, context }: Broker,
  { throttled }: Replica,
  side: ThrottledSide,
  bytes: number,
): void {
  if (!throttled.includes(side)) return;
  recordRate(rateNamed(memory.rates, nameOf(side)), bytes, context.wallClockMs(), settingsOf(memory));
}
