import { BROKER_CONFIG, type BrokerConfig } from '../../api/config/broker-config.ts';
import { parseConfig, type ConfigOverrides } from '../../api/config/config-key.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { ensure } from '../../base/assert.ts';
import { prngStream, type PrngState } from '../../base/prng.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { millis, toMillis, type SimDuration, type SimTime } from '../../base/time.ts';
import type {
  CoordinatorHost,
  RequestToken,
  SharedPartition,
  TopicLookup,
  TransactionalProducer,
} from '../../coordinator/coordinator-host.ts';
import {
  handleGroupRequest,
  onGroupTimer,
  onHighWatermarkUpdated,
  onTransactionMarker,
} from '../../coordinator/group/group-coordinator.ts';
import type { GroupApi, GroupRequest } from '../../coordinator/group/group-request.ts';
import type { GroupTimer } from '../../coordinator/group/group-timer.ts';
import { beginLoading, finishLoading, loadBatch, unload } from '../../coordinator/group/shard-lifecycle.ts';
import { newGroupCoordinator } from '../../coordinator/group/shard-state.ts';
import { APIS, type RequestBody, type ResponseBody } from '../../protocol/message.ts';
import {
  batchOf,
  endTransactionMarker,
  type RecordBatch,
  type SimpleRecord,
} from '../../protocol/record-batch.ts';

const EPOCH_MS = 1_763_000_000_000;

interface BenchTopic {
  readonly name: string;
  readonly partitions: number;
}

/** A group coordinator with one partition, on a log and a clock that do what a test says. */
export class CoordinatorBench implements CoordinatorHost {
  readonly config: BrokerConfig;
  readonly partitionCount = 1;
  readonly topics: TopicLookup;
  readonly log: RecordBatch[] = [];
  readonly traces: TraceEventData[] = [];
  coordinator = newGroupCoordinator();
  /** While true, nothing that is appended gets committed. */
  holdCommits = false;
  /** If not 0, appends are refused with this error. */
  appendError = 0;
  private time: SimTime = 0;
  private leaderEpoch = 0;
  private highWatermark = 0;
  private nextToken = 1;
  private timerSequence = 0;
  private readonly answers = new Map<RequestToken, object>();
  private readonly timers = new Map<string, { at: SimTime; sequence: number; timer: GroupTimer }>();
  private readonly prngs = new Map<string, PrngState>();

  constructor(
    overrides: ConfigOverrides = {},
    topics: readonly BenchTopic[] = [{ name: 't', partitions: 3 }],
  ) {
    const config = parseConfig(BROKER_CONFIG, overrides);
    if (!config.ok) throw new Error(config.error);
    this.config = config.value;
    this.topics = lookup(topics);
    beginLoading(this.coordinator, this, 0, this.leaderEpoch);
    finishLoading(this.coordinator, this, 0, 0);
  }

  changeShares(): void {
    // There is no share coordinator here.
  }

  groupConfig(): ConfigOverrides {
    return {};
  }

  now(): SimTime {
    return this.time;
  }

  wallClockMs(): number {
    return EPOCH_MS + toMillis(this.time);
  }

  prng(stream: string): PrngState {
    const prng = this.prngs.get(stream) ?? prngStream(1, stream);
    this.prngs.set(stream, prng);
    return prng;
  }

  append(
    _partition: number,
    records: readonly SimpleRecord[],
    transaction?: TransactionalProducer,
  ): Result<number, number> {
    if (this.appendError !== 0) return err(this.appendError);
    const place = { baseOffset: this.endOffset(), partitionLeaderEpoch: this.leaderEpoch };
    const isTransactional = transaction !== undefined;
    this.log.push(batchOf(records, { ...place, ...transaction, isTransactional }));
    return ok(this.endOffset());
  }

  /** The coordinator of transactions ends one here. */
  mark(producer: TransactionalProducer, type: 'COMMIT' | 'ABORT'): void {
    const marker = endTransactionMarker(
      { type, coordinatorEpoch: 0 },
      { ...producer, timestamp: this.wallClockMs() },
    );
    const batch = Object.freeze({ ...marker, baseOffset: this.endOffset() });
    this.log.push(batch);
    onTransactionMarker(this.coordinator, this, 0, { batch, offset: batch.baseOffset });
    this.commit();
  }

  answer(token: RequestToken, body: object): void {
    if (this.answers.has(token)) throw new Error(`request ${token} is answered twice`);
    this.answers.set(token, body);
  }

  setTimer(name: string, delay: SimDuration, data: object): void {
    this.timers.set(name, {
      at: this.time + delay,
      sequence: this.timerSequence++,
      timer: data as GroupTimer,
    });
  }

  cancelTimer(name: string): void {
    this.timers.delete(name);
  }

  trace(data: TraceEventData): void {
    this.traces.push(data);
  }

  /** What the share coordinator was asked to begin with. */
  readonly begun: { groupId: string; stateEpoch: number; partitions: readonly SharedPartition[] }[] = [];
  /** What it was asked to forget. */
  readonly forgotten: SharedPartition[] = [];

  initializeShares(groupId: string, stateEpoch: number, partitions: readonly SharedPartition[]): void {
    this.begun.push({ groupId, stateEpoch, partitions });
  }

  deleteShares(_groupId: string, partitions: readonly SharedPartition[]): void {
    this.forgotten.push(...partitions);
  }

  /** Sends a request; its answer may come later. */
  send<A extends GroupApi>(api: A, body: RequestBody<A>, options: SendOptions = {}): RequestToken {
    const token = this.nextToken++;
    const { version = APIS[api].version, clientId = 'c' } = options;
    const request = { token, api, version, clientId, clientHost: '/127.0.0.1', body: Object.freeze(body) };
    handleGroupRequest(this.coordinator, this, request as unknown as GroupRequest);
    this.commit();
    return token;
  }

  /** Sends a request that is answered at once. */
  ask<A extends GroupApi>(api: A, body: RequestBody<A>, options: SendOptions = {}): ResponseBody<A> {
    const token = this.send(api, body, options);
    return ensure(this.answered<A>(token), `answer to ${api}`);
  }

  answered<A extends GroupApi>(token: RequestToken): ResponseBody<A> | undefined {
    return this.answers.get(token) as ResponseBody<A> | undefined;
  }

  /** Time passes, and timers fire. */
  sleep(ms: number): void {
    const goal = this.time + millis(ms);
    for (let due = this.nextTimer(goal); due !== undefined; due = this.nextTimer(goal)) {
      this.timers.delete(due.name);
      this.time = Math.max(this.time, due.at);
      onGroupTimer(this.coordinator, this, due.timer);
      this.commit();
    }
    this.time = goal;
  }

  /** The next timer's time, if any is set: lets a test wait for an answer. Returns false if nothing will happen. */
  sleepUntilTimer(): boolean {
    const next = this.nextTimer(Number.MAX_SAFE_INTEGER);
    if (next !== undefined) this.sleep(Math.ceil((next.at - this.time) / 1_000));
    return next !== undefined;
  }

  /** Everything appended so far gets committed. */
  commit(): void {
    while (!this.holdCommits && this.highWatermark < this.endOffset()) {
      this.highWatermark = this.endOffset();
      onHighWatermarkUpdated(this.coordinator, this, 0, this.highWatermark);
    }
  }

  /** Leadership goes away; what waits is told so. */
  resign(): void {
    unload(this.coordinator, this, 0);
  }

  /** Leadership comes (back): a new coordinator begins to read the log. */
  beginElection(): void {
    this.leaderEpoch += 1;
    this.coordinator = newGroupCoordinator();
    this.timers.clear();
    beginLoading(this.coordinator, this, 0, this.leaderEpoch);
  }

  finishElection(): void {
    for (const batch of this.log) loadBatch(this.coordinator, 0, batch);
    finishLoading(this.coordinator, this, 0, this.highWatermark);
    this.commit();
  }

  get pendingTimers(): number {
    return this.timers.size;
  }

  private endOffset(): number {
    const last = this.log.at(-1);
    return last === undefined ? 0 : last.baseOffset + last.lastOffsetDelta + 1;
  }

  private nextTimer(goal: SimTime): { name: string; at: SimTime; timer: GroupTimer } | undefined {
    const due = [...this.timers].map(([name, timer]) => ({ name, ...timer })).filter(({ at }) => at <= goal);
    return due.sort((a, b) => a.at - b.at || a.sequence - b.sequence)[0];
  }
}

export interface SendOptions {
  readonly version?: number;
  readonly clientId?: string;
}

/** A topic's id is its name, filled up to the length of an id; the last of its letters carries two bits only. */
export const benchTopicId = (name: string): string => `${name.padEnd(21, '_')}A`;

const lookup = (topics: readonly BenchTopic[]): TopicLookup => ({
  nameOf: (topicId) => topics.find(({ name }) => benchTopicId(name) === topicId)?.name,
  idOf: (name) => (topics.some((topic) => topic.name === name) ? benchTopicId(name) : undefined),
  hasPartition: (name, partition) =>
    topics.some((topic) => topic.name === name && partition >= 0 && partition < topic.partitions),
  partitionCount: (name) => topics.find((topic) => topic.name === name)?.partitions ?? 0,
  names: () => topics.map(({ name }) => name).sort(),
});
