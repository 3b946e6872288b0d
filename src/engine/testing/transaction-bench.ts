import { BROKER_CONFIG, type BrokerConfig } from '../api/config/broker-config.ts';
import { parseConfig, type ConfigOverrides } from '../api/config/config-key.ts';
import { ensure } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import { millis, toMillis, type SimDuration, type SimTime } from '../base/time.ts';
import { newTransactionCoordinator } from '../coordinator/transaction/coordinator-state.ts';
import {
  abortTimedOutTransactions,
  handleTransactionRequest,
  loadTransactions,
  onMarkersAnswered,
  onTransactionLogCommitted,
  onTransactionTimer,
  type TransactionApi,
  type TransactionRequest,
} from '../coordinator/transaction/transaction-coordinator.ts';
import type { TransactionHost, TransactionTimer } from '../coordinator/transaction/transaction-host.ts';
import type { TransactionMetadata, TxnValues } from '../coordinator/transaction/transaction-metadata.ts';
import { NONE } from '../protocol/errors.ts';
import { APIS, type RequestBody, type ResponseBody } from '../protocol/message.ts';
import { batchOf, type RecordBatch, type SimpleRecord } from '../protocol/record-batch.ts';
import type { WriteTxnMarkersRequestMarker } from '../protocol/write-txn-markers.ts';

const EPOCH_MS = 1_763_000_000_000;
const LEADER = 1;

/** Who a producer believes to be. */
export interface Identity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A coordinator of transactions with one partition, on a log, a clock and data partitions that do what a test says. */
export class TransactionBench implements TransactionHost {
  readonly config: BrokerConfig;
  readonly partitionCount = 1;
  readonly transactionVersion: number;
  coordinator = newTransactionCoordinator();
  /** While true, nothing that is appended gets committed. */
  holdCommits = false;
  /** While true, the leaders of data partitions do not answer. */
  holdMarkers = false;
  /** If not 0, appends are refused with this error. */
  appendError = 0;
  /** Markers that were sent, oldest first. */
  readonly markers: WriteTxnMarkersRequestMarker[] = [];
  private readonly log: RecordBatch[] = [];
  private unanswered: WriteTxnMarkersRequestMarker[] = [];
  private time: SimTime = 0;
  private leaderEpoch = 0;
  private nextToken = 1;
  private nextProducerId = 1_000;
  private readonly answers = new Map<number, object>();
  private readonly timers = new Map<string, { readonly at: SimTime; readonly timer: TransactionTimer }>();

  constructor(transactionVersion: 1 | 2, overrides: ConfigOverrides = {}) {
    const config = parseConfig(BROKER_CONFIG, overrides);
    if (!config.ok) throw new Error(config.error);
    this.config = config.value;
    this.transactionVersion = transactionVersion;
    this.fail();
  }

  partitionForGroup(): number {
    return 0;
  }

  now(): SimTime {
    return this.time;
  }

  wallClockMs(): number {
    return EPOCH_MS + toMillis(this.time);
  }

  append(_partition: number, records: readonly SimpleRecord[]): Result<number, number> {
    if (this.appendError !== 0) return err(this.appendError);
    this.log.push(batchOf(records, { baseOffset: this.log.length }));
    return ok(this.log.length);
  }

  answer(token: number, body: object): void {
    if (this.answers.has(token)) throw new Error(`request ${token} is answered twice`);
    this.answers.set(token, body);
  }

  setTimer(name: string, delay: SimDuration, data: object): void {
    this.timers.set(name, { at: this.time + delay, timer: data as TransactionTimer });
  }

  cancelTimer(name: string): void {
    this.timers.delete(name);
  }

  anchor(): void {
    // Nothing crashes here.
  }

  trace(): void {
    // Nobody looks.
  }

  newProducerId(): Result<number, number> {
    return ok(this.nextProducerId++);
  }

  leaderOf(): number {
    return LEADER;
  }

  sendMarkers(_brokerId: number, markers: readonly WriteTxnMarkersRequestMarker[]): void {
    this.markers.push(...markers);
    this.unanswered.push(...markers);
  }

  /** Sends a request; its answer may come later. */
  send<A extends TransactionApi>(api: A, body: RequestBody<A>, version: number = APIS[api].version): number {
    const token = this.nextToken++;
    const request = { token, api, version, clientId: 'c', clientHost: '/127.0.0.1', body };
    handleTransactionRequest(this.coordinator, this, request as unknown as TransactionRequest);
    this.settle();
    return token;
  }

  /** Sends a request that is answered at once. */
  ask<A extends TransactionApi>(api: A, body: RequestBody<A>, version?: number): ResponseBody<A> {
    return ensure(this.answered<A>(this.send(api, body, version)), `answer to ${api}`);
  }

  answered<A extends TransactionApi>(token: number): ResponseBody<A> | undefined {
    return this.answers.get(token) as ResponseBody<A> | undefined;
  }

  /** What was appended gets committed, and markers written, for as long as nothing holds them back. */
  settle(): void {
    let before = -1;
    while (before !== this.log.length) {
      before = this.log.length;
      if (!this.holdCommits) onTransactionLogCommitted(this.coordinator, this, 0, this.log.length);
      if (!this.holdMarkers) this.answerMarkers(NONE);
    }
  }

  /** The leaders of data partitions answer what they were sent. */
  answerMarkers(errorCode: number): void {
    const markers = this.unanswered.map(({ producerId, topics }) => ({
      producerId,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode })),
      })),
    }));
    if (markers.length === 0) return;
    this.unanswered = [];
    onMarkersAnswered(this.coordinator, this, LEADER, { markers });
  }

  /** Time passes, and timers fire. */
  sleep(ms: number): void {
    this.time += millis(ms);
    for (const [name, { at, timer }] of [...this.timers]) {
      if (at > this.time) continue;
      this.timers.delete(name);
      onTransactionTimer(this.coordinator, this, timer);
    }
    this.settle();
  }

  /** What the broker does each `transaction.abort.timed.out.transaction.cleanup.interval.ms`. */
  scan(): void {
    abortTimedOutTransactions(this.coordinator, this);
    this.settle();
  }

  /** Another broker takes over from what is in the log. */
  fail(): void {
    this.leaderEpoch += 1;
    this.coordinator = newTransactionCoordinator();
    this.timers.clear();
    this.unanswered = [];
    const shard = { partition: 0, coordinatorEpoch: this.leaderEpoch };
    loadTransactions(this.coordinator, this, shard, this.log);
    this.settle();
  }

  /** What holds for transactional id `x`. */
  get values(): TxnValues {
    return this.transaction.values;
  }

  set values(values: TxnValues) {
    this.transaction.values = Object.freeze(values);
  }

  private get transaction(): TransactionMetadata {
    return ensure(this.coordinator.shards.get(0)?.transactions.get('x'), 'x');
  }

  init(who: Partial<Identity> & { readonly timeoutMs?: number; readonly version?: number } = {}) {
    const { producerId = -1, producerEpoch = -1, timeoutMs = 60_000, version } = who;
    const body = { transactionalId: 'x', transactionTimeoutMs: timeoutMs, producerId, producerEpoch };
    return this.ask('InitProducerId', body, version);
  }

  /** Adds `t`-`partition` as a client of this coordinator's version would have it added. Returns the error code. */
  add(who: Identity, partition = 0): number {
    const topics = [{ name: 't', partitions: [partition] }];
    const transaction = { transactionalId: 'x', ...identityOf(who), verifyOnly: false, topics };
    const version = this.transactionVersion === 2 ? 5 : 3;
    const answer = this.ask('AddPartitionsToTxn', { transactions: [transaction] }, version);
    const [result] = answer.resultsByTransaction[0]?.topicResults[0]?.resultsByPartition ?? [];
    return ensure(result, 'result').partitionErrorCode;
  }

  end(who: Identity, committed: boolean, version: number = this.transactionVersion === 2 ? 5 : 4) {
    return this.ask('EndTxn', { transactionalId: 'x', ...identityOf(who), committed }, version);
  }
}

const identityOf = ({ producerId, producerEpoch }: Identity): Identity => ({ producerId, producerEpoch });
