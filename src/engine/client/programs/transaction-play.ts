import type { TransactionPlan } from '../../api/scenario.ts';
import { millis, type SimTime } from '../../base/time.ts';
import { NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import {
  producerAbortTransaction,
  producerBeginTransaction,
  producerCommitTransaction,
  producerFlush,
  producerInitTransactions,
} from '../producer/producer.ts';
import type { Producer, ProducerNotice } from '../producer/producer-state.ts';
import type { PacePosition } from './pace.ts';
import type { TapeOutcome } from './producer-program.ts';

/** What a transactional player does without a plan. */
const PLAN: TransactionPlan = Object.freeze({ records: 100 });

/** Rings when a transaction was open for as long as the plan says. */
export const END_TRANSACTION = 'end-transaction';

/**
 * `starting`: initTransactions has not returned; `ready`: none is open; `open`; `flushing`: all its rows go out before it is
 * aborted on purpose; `committing`, `aborting`: the coordinator has not answered; `ended`: the producer can do no more.
 */
export type TxnPhase = 'starting' | 'ready' | 'open' | 'flushing' | 'committing' | 'aborting' | 'ended';

/** The transactions of a player's life. Plain data. */
export interface TransactionPlay {
  readonly plan: TransactionPlan;
  phase: TxnPhase;
  /** Where the tape stood when the present transaction began: an abort takes it back there. */
  begunAt: PacePosition | null;
  /** Rows of the present transaction. */
  rows: number;
  /** Its batches that have their outcome: whether it counts is told when the transaction has ended. */
  untold: TapeOutcome[];
  committed: number;
  aborted: number;
  /** Rows of those that were committed. */
  rowsCommitted: number;
  /** Rows that send() does not take: each cost its transaction, and is left out when that is played again. */
  readonly leftOut: Set<number>;
}

export const newTransactionPlay = (plan: TransactionPlan = PLAN): TransactionPlay => ({
  plan,
  phase: 'starting',
  begunAt: null,
  rows: 0,
  untold: [],
  committed: 0,
  aborted: 0,
  rowsCommitted: 0,
  leftOut: new Set(),
});

/** A player as its transactions see it. */
export interface TransactionalPlayer {
  readonly producer: Producer;
  position: PacePosition;
  readonly transactions: TransactionPlay | null;
}

type Player = TransactionalPlayer & { readonly transactions: TransactionPlay };

/** The first thing that a transactional producer does. */
export function startTransactions({ producer }: TransactionalPlayer, context: NodeContext): void {
  producerInitTransactions(producer, context);
}

/** Whether a row may be sent now; begins a transaction for it if none is open. */
export function mayPlay({ producer, transactions: play, position }: Player, context: NodeContext): boolean {
  if (play.phase === 'open') return true;
  if (play.phase !== 'ready') return false;
  if (producerBeginTransaction(producer) !== undefined) return false;
  play.phase = 'open';
  play.begunAt = { ...position };
  play.rows = 0;
  if (play.plan.everyMs !== undefined) context.setTimer(END_TRANSACTION, millis(play.plan.everyMs));
  return true;
}

/** A row was taken. */
export function noteRow(player: Player, context: NodeContext): void {
  const { transactions: play } = player;
  play.rows += 1;
  if (play.rows >= play.plan.records) endTransaction(player, context);
}

/** Commits the open transaction, or aborts it when its turn has come. */
export function endTransaction(player: Player, context: NodeContext): void {
  const { producer, transactions: play } = player;
  if (play.phase !== 'open') return;
  context.cancelTimer(END_TRANSACTION);
  const { abortEvery } = play.plan;
  if (abortEvery !== undefined && (play.committed + play.aborted + 1) % abortEvery === 0) {
    play.phase = 'flushing';
    producerFlush(producer, context);
    return;
  }
  play.phase = 'committing';
  if (producerCommitTransaction(producer, context) !== undefined) abortTransaction(player, context);
}

/** Everything of the open transaction is taken back. */
export function abortTransaction(player: Player, context: NodeContext): void {
  const { producer, transactions: play } = player;
  if (play.phase === 'ended') return;
  context.cancelTimer(END_TRANSACTION);
  play.phase = 'aborting';
  // What cannot be aborted has failed for good, and a notice says so.
  if (producerAbortTransaction(producer, context) !== undefined) play.phase = 'ended';
}

type OfType<T extends string> = Extract<ProducerNotice, { readonly type: T }>;
type CallNotice = OfType<'transaction-call-completed'> | OfType<'transaction-call-timed-out'>;

/** Follows the end of a call. Returns what may be told of the transaction's batches now. */
export function followCall(player: Player, context: NodeContext, notice: CallNotice): readonly TapeOutcome[] {
  if (notice.type === 'transaction-call-timed-out') repeat(player, context, notice.call);
  else if (notice.error !== NONE) abortTransaction(player, context);
  else return settle(player, notice.call, context.now());
  return [];
}

/** A call that took longer than `max.block.ms` is made again, as Kafka asks for. */
function repeat(player: Player, context: NodeContext, call: CallNotice['call']): void {
  const { producer } = player;
  if (call === 'initTransactions') producerInitTransactions(producer, context);
  else if (call === 'commitTransaction') producerCommitTransaction(producer, context);
  else abortTransaction(player, context);
}

function settle(player: Player, call: CallNotice['call'], now: SimTime): readonly TapeOutcome[] {
  const { transactions: play } = player;
  const told =
    call === 'commitTransaction' ? play.untold.map((one) => Object.freeze({ ...one, at: now })) : [];
  if (call === 'commitTransaction') {
    play.committed += 1;
    play.rowsCommitted += play.rows;
  }
  if (call === 'abortTransaction') {
    play.aborted += 1;
    if (play.begunAt !== null) player.position = play.begunAt;
  }
  play.phase = 'ready';
  play.begunAt = null;
  play.rows = 0;
  play.untold = [];
  return told;
}

/** Nobody knows any more what became of the open transaction: its coordinator ends it without this producer. */
export function giveUp({ transactions: play }: Player): readonly TapeOutcome[] {
  const told = play.untold.map((one) => Object.freeze({ ...one, outcome: 'unknown' as const }));
  play.untold = [];
  play.phase = 'ended';
  return told;
}
