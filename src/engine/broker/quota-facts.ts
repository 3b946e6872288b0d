import type { QuotaFacts } from '../api/entities/node.ts';
import { CLIENT_QUOTA_KEYS } from '../api/quota.ts';
import type { SimTime } from '../base/time.ts';
import { appliedQuota } from '../metadata/applied-quota.ts';
import type { BrokerMemory } from './broker-memory.ts';
import { settingsOf } from './client-quota.ts';
import { simpleRate } from './rate-window.ts';

/** The moment at which facts are asked for, by both clocks. */
interface Moment {
  readonly now: SimTime;
  readonly wallClockMs: number;
}

/** What those who share a quota sent, took or cost here lately, by name of the quota. */
export const quotaFacts = (memory: BrokerMemory, moment: Moment): QuotaFacts[] =>
  [...memory.rates.keys()].sort().flatMap((name) => {
    const key = CLIENT_QUOTA_KEYS.find((known) => name.startsWith(`${known}/`));
    if (key === undefined) return [];
    const owner = name.slice(key.length + 1);
    const clientId = owner.includes('/') ? owner.slice(owner.indexOf('/') + 1) : null;
    const quota = appliedQuota(memory.image.quotas, { key, clientId: clientId ?? '' });
    return quota?.counted === name
      ? [{ key, clientId, limit: quota.bound, ...standing(memory, name, moment) }]
      : [];
  });

function standing(
  memory: BrokerMemory,
  name: string,
  { now, wallClockMs }: Moment,
): Pick<QuotaFacts, 'rate' | 'silentFor'> {
  const window = memory.rates.get(name);
  const rate = window === undefined ? 0 : simpleRate(window, wallClockMs, settingsOf(memory));
  return { rate, silentFor: Math.max(0, (memory.silences.get(name) ?? 0) - now) };
}
