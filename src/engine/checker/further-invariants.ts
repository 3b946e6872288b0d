import type { Invariant } from './invariant.ts';
import { APPLIED_HIGH_WATERMARK_GATE } from './invariants/applied-high-watermark-gate.ts';
import { BROKER_EPOCH_FENCING } from './invariants/broker-epoch-fencing.ts';
import { BROKERS_CONVERGE } from './invariants/broker-converges.ts';
import { COMPACTION_KEEPS_LAST } from './invariants/compaction-keeps-last.ts';
import { CONSISTENT_COMMITTED_METADATA } from './invariants/consistent-committed-metadata.ts';
import { CONSISTENT_READ, FETCH_ONLY_BELOW_HIGH_WATERMARK } from './invariants/consistent-read.ts';
import { CRASH_PREFIX } from './invariants/crash-prefix.ts';
import { ELECTION_SAFETY } from './invariants/election-safety.ts';
import { EXACTLY_ONCE_OUTPUT } from './invariants/exactly-once-output.ts';
import { FENCED_COMMIT } from './invariants/fenced-commit.ts';
import { LAST_STABLE_OFFSET } from './invariants/last-stable-offset.ts';
import { LEADER_COMPLETENESS } from './invariants/leader-completeness.ts';
import { LEDGER_CONSERVED } from './invariants/ledger-conserved.ts';
import { MAJORITY_REACHED_HIGH_WATERMARK } from './invariants/majority-reached-high-watermark.ts';
import { MONOTONIC_CONTROLLER_HIGH_WATERMARK } from './invariants/monotonic-controller-high-watermark.ts';
import { MONOTONIC_EPOCH } from './invariants/monotonic-epoch.ts';
import { NO_ABORTED_READ, NO_PRECOMMITTED_READ } from './invariants/read-committed.ts';
import { NO_COMMITTED_RECORD_LOST_GLOBALLY } from './invariants/no-committed-record-lost-globally.ts';
import { NO_CYCLIC_READ } from './invariants/no-cyclic-read.ts';
import { NO_DIRTY_RESTORE } from './invariants/no-dirty-restore.ts';
import { NO_HANGING_TXN } from './invariants/no-hanging-txn.ts';
import { NO_POLL_SKIP } from './invariants/poll-order.ts';
import { ONE_ACTIVE_TASK_EFFECT } from './invariants/one-active-task-effect.ts';
import { MARKER_MATCHES_TXN, TXN_ATOMICITY } from './invariants/transaction-markers.ts';
import { REPLICATION_QUORUM_SUPERSET } from './invariants/replication-quorum-superset.ts';
import { RETENTION_ONLY_DELETE_IN_FULL } from './invariants/retention-only-delete-in-full.ts';
import { SEQUENCE_WINDOW_IN_FULL } from './invariants/sequence-window-in-full.ts';
import { SHARE_DELIVERY_LIMIT, SHARE_LOCK_EXCLUDES } from './invariants/share-locks.ts';
import { ACCEPTED_ONCE, SHARE_START_IN_ORDER } from './invariants/share-start.ts';
import { TXN_STATE_MACHINE } from './invariants/txn-state-machine.ts';
import { UNSEEN_GOES_TO_ZERO } from './invariants/everything-is-read.ts';
import { ZOMBIE_FENCING } from './invariants/zombie-fencing.ts';

/** Rules that are asked once a run is not plain and calm any more, by number. */
export const FURTHER_INVARIANTS: readonly Invariant[] = [
  ELECTION_SAFETY,
  MONOTONIC_EPOCH,
  MAJORITY_REACHED_HIGH_WATERMARK,
  CONSISTENT_COMMITTED_METADATA,
  MONOTONIC_CONTROLLER_HIGH_WATERMARK,
  BROKER_EPOCH_FENCING,
  REPLICATION_QUORUM_SUPERSET,
  LEADER_COMPLETENESS,
  NO_COMMITTED_RECORD_LOST_GLOBALLY,
  APPLIED_HIGH_WATERMARK_GATE,
  CONSISTENT_READ,
  FETCH_ONLY_BELOW_HIGH_WATERMARK,
  SEQUENCE_WINDOW_IN_FULL,
  NO_ABORTED_READ,
  NO_PRECOMMITTED_READ,
  TXN_ATOMICITY,
  MARKER_MATCHES_TXN,
  LAST_STABLE_OFFSET,
  ZOMBIE_FENCING,
  TXN_STATE_MACHINE,
  NO_HANGING_TXN,
  NO_CYCLIC_READ,
  FENCED_COMMIT,
  NO_POLL_SKIP,
  UNSEEN_GOES_TO_ZERO,
  NO_DIRTY_RESTORE,
  EXACTLY_ONCE_OUTPUT,
  LEDGER_CONSERVED,
  ONE_ACTIVE_TASK_EFFECT,
  CRASH_PREFIX,
  COMPACTION_KEEPS_LAST,
  RETENTION_ONLY_DELETE_IN_FULL,
  BROKERS_CONVERGE,
  SHARE_LOCK_EXCLUDES,
  SHARE_DELIVERY_LIMIT,
  SHARE_START_IN_ORDER,
  ACCEPTED_ONCE,
];
