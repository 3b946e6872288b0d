import { millis } from '../base/time.ts';
import { appliedQuota, type AppliedQuota } from '../metadata/applied-quota.ts';
import type { ProduceRequest } from '../protocol/produce.ts';
import type { Broker, BrokerMemory, MeasuredRequest } from './broker-memory.ts';
import { measure } from './quota-hooks.ts';
import type { Incoming } from './requests.ts';
import { requestThrottleMs } from './request-quota.ts';
import { measureRate, rateNamed, recordRate, type RateSettings, type RateWindow } from './rate-window.ts';

const quotaFor = ({ image }: BrokerMemory, request: MeasuredRequest): AppliedQuota | undefined =>
  appliedQuota(image.quotas, request);

/** How rates of clients are taken. */
export const settingsOf = ({ config }: BrokerMemory): RateSettings => ({
  samples: config['quota.window.num'],
  sampleMs: config['quota.window.size.seconds'] * 1_000,
});

/** Counts the bytes of a request. Returns for how many ms the client has to be silent to come back to its quota, 0 if it is within. */
function recordBytes(broker: Broker, request: MeasuredRequest): number {
  const { memory, context } = broker;
  const quota = quotaFor(memory, request);
  if (quota === undefined) return 0;
  const nowMs = context.wallClockMs();
  const window = rateNamed(memory.rates, quota.counted);
  recordRate(window, request.bytes, nowMs, settingsOf(memory));
  const ms = excessMs(window, quota.bound, nowMs, settingsOf(memory));
  if (request.bytes >= 0) noteSilence(broker, quota.counted, ms);
  return ms;
}

/** Until when whoever shares a quota was told to be silent. */
export function noteSilence({ memory, context }: Broker, counted: string, ms: number): void {
  const until = context.now() + millis(ms);
  if (ms > 0) memory.silences.set(counted, Math.max(until, memory.silences.get(counted) ?? 0));
}

/** For how many ms nothing may come for a rate to be back at its bound, which is a second's (`QuotaUtils.throttleTime`). */
export function excessMs(window: RateWindow, bound: number, nowMs: number, settings: RateSettings): number {
  const { sum, windowMs } = measureRate(window, nowMs, settings);
  const rate = (sum * 1_000) / windowMs;
  return rate > bound ? Math.round(((rate - bound) / bound) * windowMs) : 0;
}

/** Counts what a client sent, and the time it took. Returns for how many ms it has to be silent, and is not read from. */
export function throttleSender(broker: Broker, token: number, request: MeasuredRequest): number {
  const ms = Math.max(recordBytes(broker, request), requestThrottleMs(broker, token));
  muteChannel(broker, token, ms);
  return ms;
}

/** Counts what a client is to get. If that or the time is too much it does not get it, and it does not count. */
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

/** Nothing more is read from this request's connection for so long at least (KIP-219). */
export function muteChannel({ memory, context }: Broker, token: number, ms: number): void {
  const connection = memory.requests.active.get(token)?.connection;
  const channel = connection === undefined ? undefined : memory.requests.channels.get(connection);
  if (channel === undefined || ms <= 0) return;
  const until = context.now() + millis(ms);
  if (until <= channel.mutedUntil) return;
  channel.mutedUntil = until;
  context.setTimer(`throttled-channel/${connection}`, millis(ms), connection);
}

/** Notes what a produce is counted for. */
export const measureProduce = (broker: Broker, incoming: Incoming<'Produce'>): void => {
  measure(broker, incoming, 'producer_byte_rate', sizeOf(incoming.body));
};

/** Bytes of batches in a request; its other fields are few. */
const sizeOf = ({ topicData }: ProduceRequest): number =>
  topicData.reduce(
    (sum, { partitionData }) =>
      sum + partitionData.reduce((ofTopic, { records }) => ofTopic + (records?.[0]?.sizeInBytes ?? 0), 0),
    0,
  );
