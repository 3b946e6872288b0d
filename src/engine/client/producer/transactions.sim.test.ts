import { expect, test } from 'vitest';
import { producerConfig } from '../../api/config/client-checks.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { NodeContext, Program } from '../../sim/node-context.ts';
import { BrokerCluster } from '../../testing/broker-cluster.ts';
import {
  createProducer,
  onProducerDisconnect,
  onProducerMessage,
  onProducerTimer,
  producerAbortTransaction,
  producerBeginTransaction,
  producerClose,
  producerCommitTransaction,
  producerInitTransactions,
  producerSend,
  takeProducerNotices,
  type SendResult,
} from './producer.ts';
import type { Producer, ProducerNotice } from './producer-state.ts';
import type { Refusal, TxnState } from './transaction-state.ts';
import type { WaitingCall } from './transactions.ts';

const BOOTSTRAP = [
  [1, 'b1'],
  [2, 'b2'],
  [3, 'b3'],
] as const;

interface Memory {
  readonly producer: Producer;
  readonly notices: ProducerNotice[];
}

const collect = (memory: Memory): void => void memory.notices.push(...takeProducerNotices(memory.producer));

/** A transactional producer whose application is the test. */
const held: Program<{ readonly overrides: ConfigOverrides }, Memory> = {
  kind: 'held',
  start(context, { overrides }) {
    const config = producerConfig(overrides);
    if (!config.ok) throw new Error(config.error);
    const how = { prefix: 'main', clientId: context.self, bootstrap: BOOTSTRAP, config: config.value };
    return { producer: createProducer(context, { ...how, transactionalId: 'x' }), notices: [] };
  },
  onMessage(memory, context, connection, message) {
    onProducerMessage(memory.producer, context, connection, message);
    collect(memory);
  },
  onTimer(memory, context, name) {
    onProducerTimer(memory.producer, context, name);
    collect(memory);
  },
  onDisconnect(memory, context, connection) {
    onProducerDisconnect(memory.producer, context, connection);
    collect(memory);
  },
  onSignal: () => undefined,
};

class Application {
  private readonly cluster: BrokerCluster;
  private readonly node: string;

  constructor(cluster: BrokerCluster, node: string, overrides: ConfigOverrides = {}) {
    this.cluster = cluster;
    this.node = node;
    cluster.kernel.addNode(node, 'held', { overrides }, cluster.now);
    cluster.runFor(1);
  }

  get memory(): Memory {
    return this.cluster.kernel.slot(this.node).memory as Memory;
  }

  get producer(): Producer {
    return this.memory.producer;
  }

  get state(): TxnState | undefined {
    return this.producer.transactions?.standing.state;
  }

  begin(): Refusal | undefined {
    return producerBeginTransaction(this.producer);
  }

  send(value: string, partition = 0): SendResult {
    const context = this.cluster.kernel.context(this.node);
    const record = { topic: 't', partition, key: null, value, timestamp: context.wallClockMs() };
    return producerSend(this.producer, context, record);
  }

  /** Sends one record, and waits until it is taken. */
  sent(value: string): void {
    const { notices } = this.memory;
    const mayTryAgain = () => notices.some(({ type }) => type === 'unblocked');
    if (this.send(value) === 'would-block') {
      this.cluster.runUntilTrue('the topic is known', mayTryAgain);
      expect(this.send(value)).toBe('accepted');
    }
  }

  /** Makes a call and waits for what it comes to; −1 when it timed out. */
  call(name: WaitingCall): number | Refusal {
    const calls: Partial<Record<WaitingCall, (p: Producer, c: NodeContext) => Refusal | undefined>> = {
      initTransactions: producerInitTransactions,
      commitTransaction: producerCommitTransaction,
      abortTransaction: producerAbortTransaction,
    };
    const refusal = calls[name]?.(this.producer, this.cluster.kernel.context(this.node));
    if (refusal !== undefined) return refusal;
    collect(this.memory);
    const outcome = () => this.memory.notices.find((notice) => 'call' in notice && notice.call === name);
    this.cluster.runUntilTrue(name, () => outcome() !== undefined);
    const notice = outcome();
    this.memory.notices.length = 0;
    return notice?.type === 'transaction-call-completed' ? notice.error : -1;
  }
}

const VERSIONS = [1, 2];

function start(transactionVersion: number): BrokerCluster {
  const features = { 'transaction.version': transactionVersion };
  const cluster = new BrokerCluster({ seed: 8, programs: [held], features });
  cluster.boot();
  cluster.createTopic('t', [
    [1, 2, 3],
    [2, 3, 1],
  ]);
  return cluster;
}

/** Values that a reader of committed records gets, and whether transactions are open. */
function committed(cluster: BrokerCluster, partition = 0): { values: (string | null)[]; isStable: boolean } {
  const { leader } = cluster.partition('t', partition);
  const place = {
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: 0,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
  };
  const answer = cluster.ask(leader, 'Fetch', {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1e6,
    isolationLevel: 1,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topicId: cluster.topicId('t'), partitions: [{ ...place, partitionMaxBytes: 1e6 }] }],
    forgottenTopicsData: [],
    rackId: '',
  });
  const found = answer.responses[0]?.partitions[0];
  const aborted = new Set<number>();
  const values: (string | null)[] = [];
  for (const batch of found?.records ?? []) {
    const reaches = ({ firstOffset }: { readonly firstOffset: number }) => firstOffset === batch.baseOffset;
    if (found?.abortedTransactions?.some(reaches) === true) aborted.add(batch.producerId);
    if (batch.control !== undefined) aborted.delete(batch.producerId);
    else if (!aborted.has(batch.producerId)) values.push(...batch.records.values);
  }
  return { values, isStable: found?.lastStableOffset === found?.highWatermark };
}

test.each(VERSIONS)('records count together, once their transaction is committed (version %i)', (version) => {
  const cluster = start(version);
  const application = new Application(cluster, 'a');
  expect(application.begin()).toMatchObject({ exception: 'IllegalStateException' });
  expect(application.call('initTransactions')).toBe(NONE);
  expect(application.send('too early')).toBe('no-transaction');
  expect(application.begin()).toBeUndefined();
  application.sent('one');
  cluster.runFor(100);
  expect(committed(cluster)).toEqual({ values: [], isStable: false });
  expect(application.send('two')).toBe('accepted');
  expect(application.call('commitTransaction')).toBe(NONE);
  cluster.runFor(20);
  expect(committed(cluster)).toEqual({ values: ['one', 'two'], isStable: true });
  expect(application.producer.idempotence.producerEpoch).toBe(version === 2 ? 1 : 0);
});

test.each(VERSIONS)('an abort takes back what was sent, and what was not (version %i)', (version) => {
  const cluster = start(version);
  const application = new Application(cluster, 'a', { 'linger.ms': '500' });
  application.call('initTransactions');
  application.begin();
  application.sent('sent');
  cluster.runFor(700);
  expect(application.send('unsent', 1)).toBe('accepted');
  expect(application.call('abortTransaction')).toBe(NONE);
  cluster.runFor(20);
  expect(committed(cluster)).toEqual({ values: [], isStable: true });
  expect(application.producer.counters).toMatchObject({ acknowledged: 1, failed: 1, buffered: 0 });
  application.begin();
  application.sent('again');
  expect(application.call('commitTransaction')).toBe(NONE);
  cluster.runFor(20);
  expect(committed(cluster).values).toEqual(['again']);
});

test.each(VERSIONS)('a second producer of the same id fences the first (version %i)', (version) => {
  const cluster = start(version);
  const first = new Application(cluster, 'a');
  first.call('initTransactions');
  first.begin();
  first.sent('of the first');
  cluster.runFor(100);
  const second = new Application(cluster, 'b');
  expect(second.call('initTransactions')).toBe(NONE);
  second.begin();
  second.sent('of the second');
  expect(second.call('commitTransaction')).toBe(NONE);
  expect(first.call('commitTransaction')).toBe(ERROR_CODES.PRODUCER_FENCED);
  expect([first.state, first.send('more')]).toEqual(['FATAL_ERROR', 'closed']);
  cluster.runFor(20);
  expect(committed(cluster)).toEqual({ values: ['of the second'], isStable: true });
});

test.each(VERSIONS)(
  'records that expire make an abort necessary, and a new epoch (version %i)',
  (version) => {
    const cluster = start(version);
    const timeouts = { 'delivery.timeout.ms': '3000', 'request.timeout.ms': '2000' };
    const application = new Application(cluster, 'a', timeouts);
    application.call('initTransactions');
    application.begin();
    application.sent('first');
    cluster.runFor(100);
    const { producerEpoch } = application.producer.idempotence;
    const leader = `b${cluster.partition('t').leader}`;
    cluster.kernel.setLinkCut('a', leader, true);
    application.send('lost');
    cluster.runFor(4_000);
    expect(application.state).toBe('ABORTABLE_ERROR');
    expect(application.call('commitTransaction')).toMatchObject({ exception: 'KafkaException' });
    cluster.kernel.setLinkCut('a', leader, false);
    expect(application.call('abortTransaction')).toBe(NONE);
    expect(application.producer.idempotence.producerEpoch).toBe(producerEpoch + 1);
    application.begin();
    application.sent('second');
    expect(application.call('commitTransaction')).toBe(NONE);
    cluster.runFor(20);
    expect(committed(cluster)).toEqual({ values: ['second'], isStable: true });
  },
);

test('a commit that nobody answers times out, and is completed by its repetition', () => {
  const cluster = start(2);
  const application = new Application(cluster, 'a', { 'max.block.ms': '4000' });
  application.call('initTransactions');
  application.begin();
  application.sent('late');
  cluster.runFor(100);
  for (const [, node] of BOOTSTRAP) cluster.kernel.setLinkCut('a', node, true);
  expect(application.call('commitTransaction')).toBe(-1);
  expect(application.call('abortTransaction')).toMatchObject({ exception: 'IllegalStateException' });
  for (const [, node] of BOOTSTRAP) cluster.kernel.setLinkCut('a', node, false);
  cluster.runFor(40_000);
  expect(application.call('commitTransaction')).toBe(NONE);
  expect(committed(cluster).values).toEqual(['late']);
});

test('a producer that closes leaves no transaction open', () => {
  const cluster = start(2);
  const application = new Application(cluster, 'a');
  application.call('initTransactions');
  application.begin();
  application.sent('forgotten');
  producerClose(application.producer, cluster.kernel.context('a'));
  cluster.runUntilTrue('closed', () => application.producer.closed);
  cluster.runFor(100);
  expect(committed(cluster)).toEqual({ values: [], isStable: true });
});
