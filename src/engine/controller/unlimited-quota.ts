import type { ApiError } from './api-error.ts';

/** What one request may still change: partitions made and taken away count (`ControllerMutationQuota`). */
export interface MutationQuota {
  /** Takes room for so many partitions; why there is none, or undefined. */
  readonly charge: (partitions: number) => ApiError | undefined;
  /** For how many ms whoever asked has to be silent. */
  readonly throttleTimeMs: () => number;
}

/** Nobody is held to anything. */
export const UNLIMITED: MutationQuota = Object.freeze({ charge: () => undefined, throttleTimeMs: () => 0 });
