import { beforeEach, describe, expect, test } from 'vitest';
import { CONSUMER_CONFIG } from '../../api/config/client-config.ts';
import { parseConfig, type ConfigOverrides } from '../../api/config/config-key.ts';
import { ensure } from '../../base/assert.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { batchOf, timestampAt } from '../../protocol/record-batch.ts';
import type { NodeContext, Program } from '../../sim/node-context.ts';
import { BrokerCluster } from '../../testing/broker-cluster.ts';
import { consumerFacts } from './consumer-facts.ts';
import type { Consumer, ConsumerNotice, RecordSlice } from './consumer-state.ts';
import {
  consumerAssign,
  consumerClose,
  consumerCommit,
  consumerLeavePoll,
  consumerPause,
  consumerPoll,
  consumerRevoked,
  consumerSeek,
  consumerSeekTo,
  consumerShare,
  consumerSubscribe,
  createConsumer,
  onConsumerDisconnect,
  onConsumerMessage,
  onConsumerTimer,
  setSubscriptionUserData,
  takeConsumerNotices,
} from './consumer.ts';

const BOOTSTRAP = [
  [1, 'b1'],
  [2, 'b2'],
  [3, 'b3'],
] as const;

interface Settings {
  readonly groupId: string;
  readonly overrides: ConfigOverrides;
  readonly assignor: string;
}

interface Memory {
  readonly consumer: Consumer;
  readonly notices: ConsumerNotice[];
}

const collect = (memory: Memory): void => void memory.notices.push(...takeConsumerNotices(memory.consumer));

/** A consumer whose application is the test. */
const held: Program<Settings, Memory> = {
  kind: 'held',
  start(context, { groupId, overrides, assignor }) {
    const config = parseConfig(CONSUMER_CONFIG, overrides);
    if (!config.ok) throw new Error(config.error);
    const options = { prefix: 'main', clientId: 'held', bootstrap: BOOTSTRAP, config: config.value };
    return { consumer: createConsumer(context, { ...options, groupId, assignor }), notices: [] };
  },
  onMessage(memory, context, connection, message) {
    onConsumerMessage(memory.consumer, context, connection, message);
    collect(memory);
  },
  onTimer(memory, context, name) {
    onConsumerTimer(memory.consumer, context, name);
    collect(memory);
  },
  onDisconnect(memory, context, connection) {
    onConsumerDisconnect(memory.consumer, context, connection);
    collect(memory);
  },
  onSignal: () => undefined,
};

let cluster: BrokerCluster;
beforeEach(() => {
  cluster = new BrokerCluster({ seed: 4, programs: [held] });
  cluster.boot();
  cluster.createTopic('t', [
    [1, 2, 3],
    [2, 3, 1],
  ]);
});

function produce(partition: number, values: readonly string[], from = 1_000, apart = 1): void {
  const batch = batchOf(values.map((value, i) => ({ key: null, value, timestamp: from + i * apart })));
  const topicData = [
    { topicId: cluster.topicId('t'), partitionData: [{ index: partition, records: [batch] }] },
  ];
  cluster.ask(partition + 1, 'Produce', { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData });
}

/** The application in the test's hand. */
class Hand {
  readonly id: string;

  constructor(id: string, overrides: ConfigOverrides = {}, { groupId = 'g', assignor = 'range' } = {}) {
    this.id = id;
    cluster.kernel.addNode(id, 'held', { groupId, overrides, assignor });
    cluster.kernel.start(id);
  }

  get memory(): Memory {
    return cluster.kernel.slot(this.id).memory as Memory;
  }
  get consumer(): Consumer {
    return this.memory.consumer;
  }
  get context(): NodeContext {
    return cluster.kernel.context(this.id);
  }
  get names(): string[] {
    return consumerFacts(this.consumer).partitions.map(({ name }) => name);
  }

  poll(): readonly RecordSlice[] {
    const slices = consumerPoll(this.consumer, this.context);
    collect(this.memory);
    return slices;
  }

  /** Polls until something comes, and gives up what is revoked. */
  read(): string[] {
    let values: string[] = [];
    cluster.runUntilTrue('records', () => {
      if (this.take('partitions-revoked').length > 0) consumerRevoked(this.consumer, this.context);
      values = valuesOf(this.poll());
      return values.length > 0;
    });
    return values;
  }

  /** Waits inside poll() until it owns so many partitions. */
  join(partitions: number): void {
    cluster.runUntilTrue(`${this.id} owns ${partitions}`, () => {
      if (this.take('partitions-revoked').length > 0) consumerRevoked(this.consumer, this.context);
      this.poll();
      return this.consumer.membership.state === 'stable' && this.names.length === partitions;
    });
  }

  take<T extends ConsumerNotice['type']>(type: T): Extract<ConsumerNotice, { type: T }>[] {
    collect(this.memory);
    const { notices } = this.memory;
    const found = notices.filter((notice) => notice.type === type);
    notices.splice(0, notices.length, ...notices.filter((notice) => notice.type !== type));
    return found as Extract<ConsumerNotice, { type: T }>[];
  }

  commit(): number {
    const token = consumerCommit(this.consumer, this.context, 'sync');
    let error = -2;
    cluster.runUntilTrue('commit', () => {
      error = this.take('commit-completed').find((notice) => notice.token === token)?.error ?? error;
      return error !== -2;
    });
    return error;
  }
}

const valuesOf = (slices: readonly RecordSlice[]): string[] =>
  slices.flatMap(({ batch, from, to }) => batch.records.values.slice(from, to).map((value) => value ?? ''));

const at = (partition: number) => ({ topic: 't', partition });
const EARLIEST = { 'auto.offset.reset': 'earliest' };

describe('a consumer', () => {
  test('outside of a group reads assigned partitions in slices, from where it is told to', () => {
    produce(0, ['a', 'b', 'c', 'd', 'e']);
    const hand = new Hand('c1', { ...EARLIEST, 'max.poll.records': '2' }, { groupId: '' });
    consumerAssign(hand.consumer, [at(0)]);
    expect([hand.read(), hand.read(), hand.read()]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    consumerSeek(hand.consumer, 't-0', 3);
    const [slice] = (hand.poll(), cluster.runFor(600), hand.poll());
    expect(slice).toMatchObject({ name: 't-0', from: 3, to: 5 });
    expect(timestampAt(ensure(slice, 'slice').batch, 3)).toBe(1_003);
    consumerSeekTo(hand.consumer, 't-0', 'earliest');
    expect(hand.read()).toEqual(['a', 'b']);
  });

  test('does not return records of a paused partition, and loses none of them', () => {
    produce(0, ['a']);
    produce(1, ['x']);
    const hand = new Hand('c1', EARLIEST, { groupId: '' });
    consumerAssign(hand.consumer, [at(0), at(1)]);
    consumerPause(hand.consumer, 't-0', true);
    expect(hand.read()).toEqual(['x']);
    hand.poll();
    cluster.runFor(2_000);
    expect(hand.poll()).toEqual([]);
    consumerPause(hand.consumer, 't-0', false);
    expect(hand.read()).toEqual(['a']);
  });

  test('whose offset is gone follows its policy, or asks its owner', () => {
    produce(0, ['a', 'b', 'c', 'd']);
    const partitions = [{ partitionIndex: 0, offset: 2 }];
    cluster.ask(1, 'DeleteRecords', { topics: [{ name: 't', partitions }], timeoutMs: 1_000 });
    const hand = new Hand('c1', EARLIEST, { groupId: '' });
    consumerAssign(hand.consumer, [at(0)]);
    consumerSeek(hand.consumer, 't-0', 0);
    expect(hand.read()).toEqual(['c', 'd']);
    const strict = new Hand('c2', { 'auto.offset.reset': 'none' }, { groupId: '' });
    consumerAssign(strict.consumer, [at(0)]);
    consumerSeek(strict.consumer, 't-0', 1);
    strict.poll();
    cluster.runFor(1_000);
    expect(strict.take('no-offset')[0]?.partitions).toEqual(['t-0']);
  });

  test('by duration begins with the first record that is young enough, and waits for one if none is', () => {
    const hand = new Hand('c1', { 'auto.offset.reset': 'by_duration:PT1H' }, { groupId: '' });
    const now = hand.context.wallClockMs();
    produce(0, ['a', 'b', 'c'], now - 5_400_000, 2_700_000);
    produce(1, ['old'], now - 7_200_000);
    consumerAssign(hand.consumer, [at(0), at(1)]);
    expect(hand.read()).toEqual(['b', 'c']);
    for (let i = 0; i < 20; i++) {
      hand.poll();
      cluster.runFor(1_000);
    }
    expect(hand.consumer.subscriptions.assigned.get('t-1')?.state).toBe('await-reset');
    produce(1, ['young'], now);
    const asked = cluster.now;
    expect(hand.read()).toEqual(['young']);
    // It asks again when its request would have timed out (30 s), not before.
    expect(cluster.now - asked).toBeGreaterThan(8_000_000);
  });

  test('goes on where the group committed, in another life and on another machine', () => {
    produce(0, ['a', 'b', 'c']);
    const first = new Hand('c1', { ...EARLIEST, 'enable.auto.commit': 'false', 'max.poll.records': '2' });
    consumerSubscribe(first.consumer, ['t']);
    expect(first.read()).toEqual(['a', 'b']);
    expect(first.commit()).toBe(NONE);
    consumerClose(first.consumer, first.context);
    cluster.runUntilTrue('closed', () => first.take('closed').length > 0);
    const second = new Hand('c2', EARLIEST);
    consumerSubscribe(second.consumer, ['t']);
    expect(second.read()).toEqual(['c']);
  });

  test('that commits in the background commits what it has not processed', () => {
    produce(0, ['a', 'b']);
    const overrides = { ...EARLIEST, 'auto.commit.interval.ms': '1000', 'session.timeout.ms': '6000' };
    const first = new Hand('c1', overrides);
    consumerSubscribe(first.consumer, ['t']);
    expect(first.read()).toEqual(['a', 'b']);
    cluster.runFor(1_500);
    first.poll();
    cluster.runFor(100);
    cluster.kernel.stop('c1', { powerLoss: false });
    produce(0, ['c']);
    const second = new Hand('c2', overrides);
    consumerSubscribe(second.consumer, ['t']);
    expect(second.read()).toEqual(['c']);
  });

  test('that lost its membership cannot commit, and reads again what it did not commit', () => {
    produce(0, ['a']);
    const overrides = { ...EARLIEST, 'enable.auto.commit': 'false', 'max.poll.interval.ms': '3000' };
    const hand = new Hand('c1', overrides);
    consumerSubscribe(hand.consumer, ['t']);
    expect(hand.read()).toEqual(['a']);
    cluster.runFor(8_000);
    expect(hand.commit()).toBe(ERROR_CODES.UNKNOWN_MEMBER_ID);
    hand.poll();
    expect(hand.take('partitions-revoked')).toMatchObject([{ lost: true, partitions: [at(0), at(1)] }]);
    consumerRevoked(hand.consumer, hand.context);
    expect(hand.read()).toEqual(['a']);
  });

  test('joins again only after its owner has given up what was revoked', () => {
    const first = new Hand('c1', EARLIEST);
    consumerSubscribe(first.consumer, ['t']);
    first.join(2);
    const second = new Hand('c2', EARLIEST);
    consumerSubscribe(second.consumer, ['t']);
    second.poll();
    cluster.runUntilTrue('revoked', () => first.take('partitions-revoked').length > 0);
    cluster.runFor(2_000);
    expect(second.names).toEqual([]);
    consumerRevoked(first.consumer, first.context);
    first.join(1);
    second.join(1);
    expect([...first.names, ...second.names].sort()).toEqual(['t-0', 't-1']);
  });

  test('with an instance id comes back without a rebalance', () => {
    const first = new Hand('c1', { ...EARLIEST, 'group.instance.id': 'one' });
    const second = new Hand('c2', EARLIEST);
    for (const hand of [first, second]) consumerSubscribe(hand.consumer, ['t']);
    first.poll();
    second.poll();
    cluster.runUntilTrue('both are members', () => first.names.length + second.names.length === 2);
    const { generationId } = second.consumer.membership;
    const before = first.names;
    cluster.kernel.stop('c1', { powerLoss: false });
    cluster.runFor(3_000);
    cluster.kernel.start('c1');
    consumerSubscribe(first.consumer, ['t']);
    first.join(1);
    cluster.runFor(5_000);
    expect(first.names).toEqual(before);
    expect(first.consumer.membership.generationId).toBe(generationId);
    expect(second.consumer.membership).toMatchObject({ generationId, state: 'stable' });
  });

  test('lets its owner share out under another assignor’s name', () => {
    const hand = new Hand('c1', EARLIEST, { assignor: 'stream' });
    consumerSubscribe(hand.consumer, ['t']);
    setSubscriptionUserData(hand.consumer, 'about me');
    hand.poll();
    cluster.runUntilTrue('asked', () => hand.memory.notices.some(({ type }) => type === 'assignment-needed'));
    const [member] = hand.take('assignment-needed')[0]?.members ?? [];
    expect(member?.subscription).toMatchObject({ topics: ['t'], userData: 'about me' });
    const share = {
      memberId: member?.memberId ?? '',
      partitions: [{ topic: 't', partitions: [1] }],
      userData: 'for you',
    };
    consumerShare(hand.consumer, hand.context, [share]);
    cluster.runUntilTrue('assigned', () => hand.names.length > 0);
    expect(hand.take('partitions-assigned')).toMatchObject([{ partitions: [at(1)], userData: 'for you' }]);
  });

  test('stays a member while it waits inside poll(), and only there', () => {
    const hand = new Hand('c1', { ...EARLIEST, 'max.poll.interval.ms': '4000' });
    consumerSubscribe(hand.consumer, ['t']);
    hand.join(2);
    cluster.runFor(20_000);
    expect(hand.consumer.membership.state).toBe('stable');
    consumerLeavePoll(hand.consumer, hand.context);
    cluster.runFor(4_500);
    expect(hand.consumer.membership.state).toBe('unjoined');
  });
});
