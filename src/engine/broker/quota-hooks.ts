import type { Broker, MeasuredRequest } from './broker-memory.ts';
import { bytesInWindow, muteChannel, recordBytes, unrecordBytes } from './client-quota.ts';
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

/** The answer to a produce goes out: for how many ms its client is to be silent. The channel is muted for as long. */
export function throttleProduce(broker: Broker, token: number): number {
  const measured = broker.memory.requests.active.get(token)?.measured ?? null;
  if (measured === null) return 0;
  const ms = recordBytes(broker, measured, measured.bytes);
  muteChannel(broker, token, ms);
  return ms;
}

/** An answer of so many bytes to a consumer: one that is throttled goes out empty, and its bytes do not count. */
export function throttleFetch(broker: Broker, token: number, bytes: number): number {
  const measured = broker.memory.requests.active.get(token)?.measured ?? null;
  if (measured === null) return 0;
  const ms = recordBytes(broker, measured, bytes);
  if (ms === 0) return 0;
  unrecordBytes(broker, measured, bytes);
  muteChannel(broker, token, ms);
  return ms;
}

/** How much one answer may bring, so that it fits into the consumer's quota at all. */
export function fetchLimit(broker: Broker, token: number): number {
  const measured = broker.memory.requests.active.get(token)?.measured ?? null;
  return measured === null ? Number.MAX_SAFE_INTEGER : bytesInWindow(broker, measured);
}
