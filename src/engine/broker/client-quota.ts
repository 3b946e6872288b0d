import { millis } from '../base/time.ts';
import { appliedQuota, type AppliedQuota } from '../metadata/applied-quota.ts';
import type { Broker, BrokerMemory, MeasuredRequest } from './broker-memory.ts';
import { measureRate, rateNamed, recordRate, type RateSettings } from './rate-window.ts';

const quotaFor = ({ image }: BrokerMemory, request: MeasuredRequest): AppliedQuota | undefined =>
  appliedQuota(image.quotas, request);

const settingsOf = ({ config }: BrokerMemory): RateSettings => ({
  samples: config['quota.window.num'],
  sampleMs: config['quota.window.size.seconds'] * 1_000,
});

/** Counts the bytes of a request. Returns for how many ms the client has to be silent to come back to its quota, 0 if it is within. */
function recordBytes({ memory, context }: Broker, request: MeasuredRequest): number {
  const quota = quotaFor(memory, request);
  if (quota === undefined) return 0;
  const nowMs = context.wallClockMs();
  const window = rateNamed(memory.rates, quota.counted);
  recordRate(window, request.bytes, nowMs, settingsOf(memory));
  const { sum, windowMs } = measureRate(window, nowMs, settingsOf(memory));
  const rate = (sum * 1_000) / windowMs;
  return rate > quota.bound ? Math.round(((rate - quota.bound) / quota.bound) * windowMs) : 0;
}

/** Counts what a client sent. Returns for how many ms it has to be silent, and is not read from. */
export function throttleSender(broker: Broker, token: number, request: MeasuredRequest): number {
  const ms = recordBytes(broker, request);
  muteChannel(broker, token, ms);
  return ms;
}

/** Counts what a client is to get. If that is too much it does not get it, and it does not count. */
export function throttleReader(broker: Broker, token: number, request: MeasuredRequest): number {
  const ms = throttleSender(broker, token, request);
  if (ms > 0) recordBytes(broker, { ...request, bytes: -request.bytes });
  return ms;
}

/** More than this a client may not take at once: what its quota gives in all samples but one. */
export function bytesInWindow({ memory }: Broker, request: MeasuredRequest): number {
  const { samples, sampleMs } = settingsOf(memory);
  const quota = quotaFor(memory, request);
  return quota === undefined ? Number.MAX_SAFE_INTEGER : (quota.bound * (samples - 1) * sampleMs) / 1_000;
}

/** Nothing more is read from this request's connection for so long (KIP-219). */
export function muteChannel({ memory, context }: Broker, token: number, ms: number): void {
  const connection = memory.requests.active.get(token)?.connection;
  const channel = connection === undefined ? undefined : memory.requests.channels.get(connection);
  if (channel === undefined || ms <= 0) return;
  channel.mutedUntil = context.now() + millis(ms);
  context.setTimer(`throttled-channel/${connection}`, millis(ms), connection);
}
