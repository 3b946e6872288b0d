import { appliedQuota, type AppliedQuota } from '../metadata/applied-quota.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { ApiError } from './api-error.ts';
import type { ControllerMemory } from './controller-state.ts';
import { UNLIMITED, type MutationQuota } from './unlimited-quota.ts';

/** Partitions that may be changed now, and when that was so (`TokenBucket`). Plain data. */
export interface TokenBucket {
  /** Below 0 while more was taken than there was. */
  credits: number;
  /** ms of the wall clock. */
  filledAt: number;
}

/** Versions from which on a client understands that it was refused; older ones are served, and then slowed down. */
const STRICT_FROM: Readonly<Record<string, number>> = {
  CreateTopics: 6,
  DeleteTopics: 5,
  CreatePartitions: 3,
};

interface Asker {
  readonly api: string;
  readonly version: number;
  readonly clientId: string;
}

/** The quota that holds for this request (KIP-599, `ControllerMutationQuotaManager.newQuotaFor`). */
export function mutationQuota(
  memory: ControllerMemory,
  nowMs: number,
  { api, version, clientId }: Asker,
): MutationQuota {
  const quota = appliedQuota(memory.image.quotas, { key: 'controller_mutation_rate', clientId });
  if (quota === undefined) return UNLIMITED;
  const bucket = bucketOf(memory, quota, nowMs);
  const isStrict = version >= (STRICT_FROM[api] ?? 0);
  let throttleTimeMs = 0;
  const owed = (): number => Math.round((-bucket.credits / quota.bound) * 1_000);
  return {
    charge: (partitions) => {
      const isEmpty = bucket.credits < 0;
      if (!isEmpty || !isStrict) bucket.credits -= partitions;
      if (bucket.credits < 0 && (isEmpty || !isStrict)) throttleTimeMs = owed();
      return isEmpty && isStrict ? EXCEEDED : undefined;
    },
    throttleTimeMs: () => throttleTimeMs,
  };
}

const EXCEEDED: ApiError = Object.freeze({
  errorCode: ERROR_CODES.THROTTLING_QUOTA_EXCEEDED,
  errorMessage: 'The throttling quota has been exceeded.',
});

/** Filled up to this moment; a full one holds what the rate gives in all samples. */
function bucketOf(
  { mutations, config }: ControllerMemory,
  { counted, bound }: AppliedQuota,
  nowMs: number,
): TokenBucket {
  const full = config['controller.quota.window.num'] * config['controller.quota.window.size.seconds'] * bound;
  const bucket = mutations.get(counted) ?? { credits: full, filledAt: nowMs };
  bucket.credits = Math.min(full, bucket.credits + (bound * (nowMs - bucket.filledAt)) / 1_000);
  bucket.filledAt = nowMs;
  mutations.set(counted, bucket);
  return bucket;
}
