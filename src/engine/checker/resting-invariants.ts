import type { Invariant } from './invariant.ts';
import { AT_LEAST_ONCE, EVENT_TIME_ACCOUNTING } from './invariants/event-time-accounting.ts';
import { ERROR_HONESTY } from './invariants/error-honesty.ts';
import { GROUP_CONVERGES } from './invariants/group-converges.ts';
import { NO_ACKED_LOSS } from './invariants/no-acked-loss.ts';
import { SEND_ORDER } from './invariants/send-order.ts';
import { STORE_EQUALS_CHANGELOG } from './invariants/store-equals-changelog.ts';

const RESTING_INVARIANTS: readonly Invariant[] = [
  ERROR_HONESTY,
  AT_LEAST_ONCE,
  EVENT_TIME_ACCOUNTING,
  GROUP_CONVERGES,
  NO_ACKED_LOSS,
  SEND_ORDER,
  STORE_EQUALS_CHANGELOG,
];

/** Rules that are asked only when everything has come to rest. */
export const restingInvariants = (): readonly Invariant[] => RESTING_INVARIANTS;
