import type { Invariant } from './invariant.ts';
import { ACK_OR_REJECT } from './invariants/ack-or-reject.ts';
import { COMMITTED_OFFSET_SANE } from './invariants/committed-offset-sane.ts';
import { EPOCH_MONOTONE_IN_LOG } from './invariants/epoch-monotone-in-log.ts';
import { HIGH_WATERMARK_BOUNDS } from './invariants/high-watermark-bounds.ts';
import { LEADER_CANDIDATE_COMPLETENESS } from './invariants/leader-candidate-completeness.ts';
import { LOG_MATCHING } from './invariants/log-matching.ts';
import { MIN_ISR_GATE } from './invariants/min-isr-gate.ts';
import { NO_DUPLICATE } from './invariants/no-duplicate.ts';
import { NO_TRUNCATION_BELOW_TRUE_HW } from './invariants/no-truncation-below-true-hw.ts';
import { OFFSET_AGREEMENT } from './invariants/offset-agreement.ts';
import { ONE_LEADER_PER_EPOCH } from './invariants/one-leader-per-epoch.ts';
import { RETENTION_ONLY_DELETE } from './invariants/retention-only-delete.ts';
import { SEQUENCE_WINDOW } from './invariants/sequence-window.ts';
import { SINGLE_OWNER } from './invariants/single-owner.ts';

/** Rules that are asked in every run from its beginning, by number; at rest there are more. Numbers are for ever: a rule that goes leaves a gap. */
export const FIRST_INVARIANTS: readonly Invariant[] = [
  ONE_LEADER_PER_EPOCH,
  EPOCH_MONOTONE_IN_LOG,
  LEADER_CANDIDATE_COMPLETENESS,
  LOG_MATCHING,
  HIGH_WATERMARK_BOUNDS,
  NO_TRUNCATION_BELOW_TRUE_HW,
  OFFSET_AGREEMENT,
  MIN_ISR_GATE,
  NO_DUPLICATE,
  SEQUENCE_WINDOW,
  ACK_OR_REJECT,
  SINGLE_OWNER,
  COMMITTED_OFFSET_SANE,
  RETENTION_ONLY_DELETE,
];
