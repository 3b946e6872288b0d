import { expect, test } from 'vitest';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import type { ShareOutcomes, Tape } from '../../api/scenario.ts';
import type { Program } from '../../sim/node-context.ts';
import { BrokerCluster } from '../../testing/broker-cluster.ts';
import { producerProgram } from '../programs/producer-program.ts';
import { shareConsumerProgram } from '../programs/share-consumer-program.ts';
import type { ShareReaderMemory } from '../programs/share-reader-state.ts';
import { ACKNOWLEDGE, type AcknowledgeType } from './share-consumer-state.ts';

const BOOTSTRAP = { 1: 'b1', 2: 'b2', 3: 'b3' };
const LOCK_MS = 15_000;
const EXPLICIT = { 'share.acknowledgement.mode': 'explicit' };

const tapeOf = (count: number): Tape => {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map((row) => 1_700_000_000_000 + row),
    keys: rows.map(() => null),
    values: rows.map((row) => `{"row":${row}}`),
  });
};

interface Plan {
  readonly overrides?: ConfigOverrides;
  readonly outcomes?: ShareOutcomes;
  readonly workMicros?: number;
}

/** Members of share group `g`, that read topic `t` of one partition. */
class Workshop {
  readonly cluster: BrokerCluster;
  private readonly ledgers = new Map<string, ShareReaderMemory>();

  constructor(seed: number, overrides: ConfigOverrides = {}) {
    const programs = [producerProgram, shareConsumerProgram] as unknown as Program[];
    this.cluster = new BrokerCluster({
      seed,
      programs,
      overrides: {
        'share.coordinator.state.topic.num.partitions': '1',
        'group.share.record.lock.duration.ms': String(LOCK_MS),
        ...overrides,
      },
    });
    this.cluster.boot();
    this.cluster.createTopic('t', [[1, 2, 3]]);
  }

  add(id: string, { overrides = {}, outcomes, workMicros = 1_000 }: Plan = {}): void {
    const place = { id, bootstrap: BOOTSTRAP, groupId: 'g', topics: ['t'] };
    const config = Object.freeze({ ...place, workMicros, outcomes, overrides });
    this.cluster.kernel.addNode(id, 'share-consumer', config, this.cluster.now);
  }

  /** One record in each batch. */
  produce(count: number, perSecond = 200): void {
    const pace = { kind: 'rate', perSecond } as const;
    const place = { id: 'p', bootstrap: BOOTSTRAP, topic: 't', tape: tapeOf(count), pace };
    const config = Object.freeze({ ...place, overrides: { 'linger.ms': '0', 'batch.size': '1' } });
    this.cluster.kernel.addNode('p', 'producer', config, this.cluster.now);
  }

  /** What a member knows; what it knew when it was last asked, if it is gone. */
  member(id: string): ShareReaderMemory {
    const memory = this.cluster.kernel.slot(id).memory as ShareReaderMemory | undefined;
    if (memory !== undefined) this.ledgers.set(id, memory);
    return this.ledgers.get(id) as ShareReaderMemory;
  }

  /** Offsets that these members were told to be stored as that. */
  offsets(type: AcknowledgeType, ...ids: readonly string[]): number[] {
    return ids
      .flatMap((id) => [...this.member(id).outcomes])
      .filter((outcome) => outcome.type === type && outcome.error === 0)
      .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      .sort((a, b) => a - b);
  }

  /** How often a record was delivered to these members, and with which counts. */
  deliveries(offset: number, ...ids: readonly string[]): number[] {
    return ids
      .flatMap((id) => [...this.member(id).deliveries])
      .filter(({ first, last }) => first <= offset && offset <= last)
      .map(({ deliveryCount }) => deliveryCount)
      .sort((a, b) => a - b);
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('members of a share group work on one partition together, and each record is accepted once', () => {
  const workshop = new Workshop(3);
  for (const id of ['m1', 'm2', 'm3'])
    workshop.add(id, { overrides: { 'max.poll.records': '10' }, workMicros: 20_000 });
  workshop.cluster.runFor(20_000);
  workshop.produce(150);
  workshop.cluster.runFor(10_000);
  expect(workshop.offsets(ACKNOWLEDGE.ACCEPT, 'm1', 'm2', 'm3')).toEqual(upTo(150));
  for (const id of ['m1', 'm2', 'm3']) expect(workshop.member(id).accepted).toBeGreaterThan(15);
});

test('what a member had when its machine lost power is delivered again once its locks are over', () => {
  const workshop = new Workshop(4);
  const overrides = { 'max.poll.records': '10' };
  workshop.add('m1', { overrides, outcomes: { slowEvery: 50, slowMs: 20_000 } });
  workshop.cluster.runFor(15_000);
  workshop.produce(100);
  workshop.cluster.runFor(5_000);
  const held = workshop.member('m1').working.map(({ batch }) => batch.baseOffset);
  expect(held).toContain(49);
  workshop.cluster.kernel.stop('m1', { powerLoss: true });
  workshop.add('m2', { overrides });
  workshop.cluster.runFor(5_000);
  expect(workshop.deliveries(49, 'm2')).toEqual([]);
  expect(workshop.deliveries(99, 'm2')).toEqual([1]);
  workshop.cluster.runFor(LOCK_MS);
  for (const offset of held) expect(workshop.deliveries(offset, 'm2')).toEqual([2]);
  expect(new Set(workshop.offsets(ACKNOWLEDGE.ACCEPT, 'm1', 'm2'))).toEqual(new Set(upTo(100)));
});

test('explicit outcomes: rejected and poisoned records are not delivered for ever, released ones come again', () => {
  const workshop = new Workshop(5, { 'group.share.delivery.count.limit': '3' });
  const outcomes = { rejectEvery: 40, poisonEvery: 30, releaseEvery: 7 };
  workshop.add('m1', { overrides: EXPLICIT, outcomes });
  workshop.add('m2', { overrides: EXPLICIT, outcomes });
  workshop.cluster.runFor(20_000);
  workshop.produce(100);
  workshop.cluster.runFor(20_000);
  expect(workshop.deliveries(29, 'm1', 'm2')).toEqual([1, 2, 3]);
  expect(workshop.deliveries(39, 'm1', 'm2')).toEqual([1]);
  expect(workshop.deliveries(6, 'm1', 'm2')).toEqual([1, 2]);
  const lost = new Set([29, 39, 59, 79, 89]);
  expect(workshop.offsets(ACKNOWLEDGE.ACCEPT, 'm1', 'm2')).toEqual(upTo(100).filter((o) => !lost.has(o)));
});

test('renewed locks outlive slow work, and a member that is told to stop leaves in order', () => {
  const workshop = new Workshop(6);
  const outcomes = { slowEvery: 20, slowMs: 2 * LOCK_MS, renew: true };
  workshop.add('m1', { overrides: { ...EXPLICIT, 'max.poll.records': '5' }, outcomes });
  workshop.cluster.runFor(20_000);
  workshop.produce(20);
  workshop.cluster.runFor(10_000);
  workshop.add('m2', { overrides: EXPLICIT });
  workshop.cluster.runFor(40_000);
  expect(workshop.offsets(ACKNOWLEDGE.ACCEPT, 'm1')).toEqual(upTo(20));
  expect(workshop.deliveries(19, 'm1', 'm2')).toEqual([1]);
  const { kernel } = workshop.cluster;
  kernel.signal('m1', { type: 'terminate' });
  workshop.cluster.runFor(2_000);
  expect(kernel.slot('m1').status).not.toBe('running');
});
