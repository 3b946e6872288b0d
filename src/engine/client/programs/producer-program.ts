import { AppendList } from '../../base/append-list.ts';
import { assert } from '../../base/assert.ts';
import type { SimTime } from '../../base/time.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import { producerConfig } from '../../api/config/client-checks.ts';
import type { Pace, Tape, TransactionPlan } from '../../api/scenario.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { errorName } from '../../protocol/errors.ts';
import type { NodeContext, Program } from '../../sim/node-context.ts';
import {
  createProducer,
  onProducerDisconnect,
  onProducerMessage,
  onProducerTimer,
  producerClose,
  producerFlush,
  producerSend,
  takeProducerNotices,
  type SendResult,
} from '../producer/producer.ts';
import { firstOpenOrdinal } from '../producer/producer-facts.ts';
import type { Outcome, Producer, ProducerNotice } from '../producer/producer-state.ts';
import { bootstrapList, type Bootstrap } from './bootstrap.ts';
import { advance, dueAfter, newPacePosition, TICK, type PacePosition } from './pace.ts';
import { refuse, skipRow, withRow } from './rare-rows.ts';
import {
  abortTransaction,
  END_TRANSACTION,
  endTransaction,
  followCall,
  giveUp,
  mayPlay,
  newTransactionPlay,
  noteRow,
  startTransactions,
  type TransactionPlay,
} from './transaction-play.ts';

/** What a node that plays a tape is started with. Frozen. */
export interface ProducerProgramConfig {
  /** Its `client.id`. */
  readonly id: string;
  readonly bootstrap: Bootstrap;
  readonly topic: string;
  readonly tape: Tape;
  readonly pace: Pace;
  /** How rows are cut into transactions, if the producer has a `transactional.id`. */
  readonly transactions?: TransactionPlan | undefined;
  /** Overrides of the producer's configuration, checked before. */
  readonly overrides: ConfigOverrides;
}

/** What became of the tape's rows in one batch, in order of completion. Frozen. */
export interface TapeOutcome {
  readonly at: SimTime;
  readonly partition: number;
  readonly outcome: Outcome;
  /** Offset of the first, −1 if not known. */
  readonly baseOffset: number;
  /** Rows of the tape, ascending; the one at index i got offset baseOffset + i. */
  readonly rows: readonly number[];
}

export interface ProducerMemory {
  readonly config: ProducerProgramConfig;
  readonly producer: Producer;
  readonly startedAt: SimTime;
  position: PacePosition;
  /** Null without a `transactional.id`. */
  readonly transactions: TransactionPlay | null;
  /** Outcomes in this life, for an outsider's ledger. */
  readonly outcomes: AppendList<TapeOutcome>;
  /** Rows that send() never took (too large, or blocked longer than `max.block.ms`). */
  refused: number;
  /** A send() waits for memory or metadata. */
  blocked: boolean;
  ended: boolean;
}

const PROGRESS = 'progress';
const PLAY = 'play';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/**
 * A process that plays a tape into a topic. It keeps on its disk the first row whose outcome it does not know, written
 * whenever outcomes arrive. A new life begins with that row, under a new producer id: rows after it that were already
 * in the log, acknowledged or not, are then sent again and the brokers cannot recognise them. So a crash of the
 * application makes duplicates even with idempotence, as it does with the real producer.
 *
 * With a `transactional.id` the rows are sent in transactions. What became of a row is told when its transaction has
 * ended: the rows of an aborted one are sent again in the next. A new life has what the last one left open aborted, so
 * that a crash takes back what it did not commit.
 *
 * The tape's event time is the record's timestamp. SIGTERM closes the producer in order: what was taken is sent first.
 */
export const producerProgram: Program<ProducerProgramConfig, ProducerMemory> = {
  kind: 'producer',

  start(context, config) {
    const parsed = producerConfig(config.overrides);
    assert(parsed.ok, 'a producer was given a configuration that nobody checked');
    const first = context.disk.values.get(PROGRESS);
    const transactionalId = parsed.value['transactional.id'];
    const memory: ProducerMemory = {
      config,
      producer: createProducer(context, {
        prefix: 'producer',
        clientId: config.id,
        bootstrap: bootstrapList(config.bootstrap),
        config: parsed.value,
        ...(transactionalId === null ? {} : { transactionalId }),
        transactionTimeoutMs: parsed.value['transaction.timeout.ms'],
      }),
      startedAt: context.now(),
      position: newPacePosition(typeof first === 'number' ? first : 0),
      transactions: transactionalId === null ? null : newTransactionPlay(config.transactions),
      outcomes: new AppendList(),
      refused: 0,
      blocked: false,
      ended: false,
    };
    if (isTransactional(memory)) startTransactions(memory, context);
    play(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    onProducerMessage(memory.producer, context, connection, message);
    followUp(memory, context);
  },

  onTimer(memory, context, name) {
    if (name === PLAY) play(memory, context);
    else if (name === END_TRANSACTION) {
      if (isTransactional(memory)) endTransaction(memory, context);
    } else onProducerTimer(memory.producer, context, name);
    followUp(memory, context);
  },

  onDisconnect(memory, context, connection) {
    onProducerDisconnect(memory.producer, context, connection);
    followUp(memory, context);
  },

  onSignal(memory, context, signal) {
    if (signal.type !== 'terminate') return;
    context.cancelTimer(PLAY);
    memory.ended = true;
    producerClose(memory.producer, context);
    followUp(memory, context);
  },
};

type Transactional = ProducerMemory & { readonly transactions: TransactionPlay };

const isTransactional = (memory: ProducerMemory): memory is Transactional => memory.transactions !== null;

/** Sends every row that is due; sets the timer for the next one. */
function play(memory: ProducerMemory, context: NodeContext): void {
  const { config, position, producer } = memory;
  const { tape, pace, topic } = config;
  const now = context.now() - memory.startedAt;
  const record = { topic, key: '' as string | null, value: '' as string | null, timestamp: 0, ordinal: 0 };
  while (position.row < tape.count && dueAfter(pace, position) <= now) {
    const { row } = position;
    if (memory.transactions?.leftOut.has(row) === true) {
      advance(pace, tape, position);
      continue;
    }
    if (isTransactional(memory) && !mayPlay(memory, context)) return;
    record.key = tape.keys[row] ?? null;
    record.value = tape.values[row] ?? null;
    record.timestamp = tape.timestamps[row] ?? 0;
    record.ordinal = row;
    if (
      !goesOn(
        memory,
        context,
        row,
        producerSend(producer, context, record.value === null ? withRow(record) : record),
      )
    )
      return;
    advance(pace, tape, position);
    if (isTransactional(memory)) noteRow(memory, context);
  }
  if (position.row >= tape.count) finish(memory, context);
  else context.setTimer(PLAY, Math.max(dueAfter(pace, position) - now, TICK));
}

/** The tape is played: what waits goes out, and an open transaction is ended first. */
function finish(memory: ProducerMemory, context: NodeContext): void {
  if (!isTransactional(memory)) producerFlush(memory.producer, context);
  else if (memory.transactions.phase === 'open') endTransaction(memory, context);
  else if (memory.transactions.phase === 'ready') endTape(memory, context);
}

/** Whether the player may go on to the next row. */
function goesOn(memory: ProducerMemory, context: NodeContext, row: number, result: SendResult): boolean {
  if (result === 'accepted') return true;
  if (result === 'would-block') memory.blocked = true;
  if (result === 'no-transaction' && isTransactional(memory)) abortTransaction(memory, context);
  if (result === 'would-block' || result === 'closed' || result === 'no-transaction') return false;
  refuse(memory, context, row, 'MESSAGE_TOO_LARGE');
  if (!isTransactional(memory)) return true;
  memory.transactions.leftOut.add(row);
  abortTransaction(memory, context);
  return false;
}

/** Takes what the producer has to tell, and writes down how far the tape is settled. */
function followUp(memory: ProducerMemory, context: NodeContext): void {
  let settled = false;
  let notices = takeProducerNotices(memory.producer);
  while (notices.length > 0) {
    for (const notice of notices) settled = followNotice(memory, context, notice) || settled;
    notices = takeProducerNotices(memory.producer);
  }
  if (settled) saveProgress(memory, context);
}

/** Returns whether rows have got their outcome. */
function followNotice(memory: ProducerMemory, context: NodeContext, notice: ProducerNotice): boolean {
  switch (notice.type) {
    case 'batch-completed': {
      const { partition, outcome, baseOffset, ordinals } = notice;
      const told = Object.freeze({ at: context.now(), partition, outcome, baseOffset, rows: ordinals });
      if (isTransactional(memory)) memory.transactions.untold.push(told);
      else memory.outcomes.push(told);
      return !isTransactional(memory);
    }
    case 'unblocked':
    case 'send-timed-out':
      if (!memory.blocked || memory.ended) return false;
      memory.blocked = false;
      if (notice.type === 'send-timed-out') skipRow(memory, context);
      play(memory, context);
      return false;
    case 'flushed':
      if (!isTransactional(memory)) endTape(memory, context);
      else if (memory.transactions.phase === 'flushing') abortTransaction(memory, context);
      return false;
    case 'closed':
      context.exit();
      return false;
    case 'fatal':
      tell(context, { type: 'client-failed', error: errorName(notice.error) });
      memory.ended = true;
      context.cancelTimer(PLAY);
      if (isTransactional(memory)) tellAll(memory, giveUp(memory));
      return false;
    case 'transaction-call-completed':
    case 'transaction-call-timed-out':
      return isTransactional(memory) && followTransaction(memory, context, notice);
  }
}

/** Returns whether rows have got their outcome. */
function followTransaction(
  memory: Transactional,
  context: NodeContext,
  notice: Parameters<typeof followCall>[2],
): boolean {
  tellAll(memory, followCall(memory, context, notice));
  if (memory.transactions.phase !== 'ready') return false;
  if (!memory.ended) play(memory, context);
  return true;
}

function tellAll({ outcomes }: ProducerMemory, told: readonly TapeOutcome[]): void {
  for (const outcome of told) outcomes.push(outcome);
}

function endTape(memory: ProducerMemory, context: NodeContext): void {
  if (memory.ended || memory.position.row < memory.config.tape.count) return;
  memory.ended = true;
  tell(context, { type: 'tape-ended', records: memory.config.tape.count });
}

function saveProgress({ producer, position, transactions }: ProducerMemory, context: NodeContext): void {
  const open = transactions === null ? firstOpenOrdinal(producer) : transactions.begunAt?.row;
  context.disk.values.set(PROGRESS, open ?? position.row);
}
