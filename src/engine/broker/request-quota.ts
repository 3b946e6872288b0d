import { appliedQuota } from '../metadata/applied-quota.ts';
import type { ApiName, ResponseBody } from '../protocol/message.ts';
import type { Broker } from './broker-memory.ts';
import { excessMs, muteChannel, noteSilence, settingsOf } from './client-quota.ts';
import { rateNamed, recordRate } from './rate-window.ts';
import { handlerMicros } from './request-handlers.ts';

/** One µs a second is so much of a thread, in percent. */
const PERCENT_OF_MICRO = 0.0001;

/**
 * Counts the time that a request took, once. Returns for how many ms its client has to be silent, 0 if it is within its
 * quota: at most as long as one sample (KIP-124, `ClientRequestQuotaManager`).
 */
export function requestThrottleMs({ memory, context }: Broker, token: number): number {
  const active = memory.requests.active.get(token);
  if (active === undefined || active.payer === null) return 0;
  const clientId = active.payer;
  active.payer = null;
  const quota = appliedQuota(memory.image.quotas, { key: 'request_percentage', clientId });
  if (quota === undefined) return 0;
  const nowMs = context.wallClockMs();
  const settings = settingsOf(memory);
  const window = rateNamed(memory.rates, quota.counted);
  const micros = handlerMicros(memory.settings.requestMicros ?? {}, active.api);
  recordRate(window, micros * PERCENT_OF_MICRO, nowMs, settings);
  const ms = Math.min(excessMs(window, quota.bound, nowMs, settings), settings.sampleMs);
  noteSilence({ memory, context }, quota.counted, ms);
  return ms;
}

/** Where there are quotas: the answer as it goes out, with how long its client is to be silent. */
export function withinRequestQuota<A extends ApiName>(
  broker: Broker,
  token: number,
  body: ResponseBody<A>,
): ResponseBody<A> {
  const ms = requestThrottleMs(broker, token);
  muteChannel(broker, token, ms);
  return 'throttleTimeMs' in body && body.throttleTimeMs < ms ? { ...body, throttleTimeMs: ms } : body;
}
