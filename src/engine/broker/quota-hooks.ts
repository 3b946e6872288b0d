import type { TopicConfig } from '../api/config/topic-config.ts';
import type { Broker, MeasuredRequest } from './broker-memory.ts';
import { bytesInWindow, muteChannel, throttleReader, throttleSender } from './client-quota.ts';
import { mustWait, recordReplication, throttledSides } from './replication-quota.ts';
import type { Replica, ThrottledSide } from './replica.ts';
import type { Incoming } from './requests.ts';

export const THROTTLE_TIMER = 'throttled-channel/';

/** Where there are quotas, notes what a request's bytes are counted for. */
export function measure(
  { memory }: Broker,
  { token, clientId }: Incoming,
  key: MeasuredRequest['key'],
  bytes = 0,
): void {
  const active = memory.requests.active.get(token);
  if (memory.image.quotas.size === 0 || active === undefined) return;
  active.measured = Object.freeze({ key, clientId, bytes });
}

const measuredOf = ({ memory }: Broker, token: number): MeasuredRequest | null =>
  memory.requests.active.get(token)?.measured ?? null;

/** The answer to a produce goes out: for how many ms its client is to be silent. The channel is muted for as long. */
export function throttleProduce(broker: Broker, token: number): number {
  const measured = measuredOf(broker, token);
  return measured === null ? 0 : throttleSender(broker, token, measured);
}

/** An answer of so many bytes to a consumer: one that is throttled goes out empty, and its bytes do not count. */
export function throttleFetch(broker: Broker, token: number, bytes: number): number {
  const measured = measuredOf(broker, token);
  return measured === null ? 0 : throttleReader(broker, token, { ...measured, bytes });
}

/** Whoever was told to be silent is not read from meanwhile. */
export function muteFor(broker: Broker, token: number, ms: number): void {
  if (ms > 0) muteChannel(broker, token, ms);
}

/** How much one answer may bring, so that it fits into the consumer's quota at all. */
export function fetchLimit(broker: Broker, token: number): number {
  const measured = measuredOf(broker, token);
  return measured === null ? Number.MAX_SAFE_INTEGER : bytesInWindow(broker, measured);
}

/** Whether a leader sends this follower nothing of a throttled partition now: it is out of sync, and the rate is used up. */
export const holdsBack = (broker: Broker, replica: Replica, follower: number): boolean =>
  replica.throttled.length > 0 && !replica.isr.includes(follower) && mustWait(broker, replica, 'leader');

/** Whether a follower leaves a throttled partition out of its fetch. */
export const isHeldBack = (broker: Broker, replica: Replica): boolean =>
  replica.throttled.length > 0 && mustWait(broker, replica, 'follower');

/** So many bytes of a partition went from a leader to a follower. */
export function countCopied(broker: Broker, replica: Replica, side: ThrottledSide, bytes: number): void {
  if (replica.throttled.length > 0) recordReplication(broker, replica, side, bytes);
}

const NO_SIDES: readonly ThrottledSide[] = Object.freeze([]);

/** On which sides of its copying a replica holds to a rate. */
export const sidesThrottled = (
  { memory }: Broker,
  { partition }: Replica,
  config: TopicConfig,
): readonly ThrottledSide[] =>
  config['leader.replication.throttled.replicas'].length > 0 ||
  config['follower.replication.throttled.replicas'].length > 0
    ? throttledSides(memory, config, partition)
    : NO_SIDES;
