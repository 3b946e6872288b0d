import { expect, test } from 'vitest';
import { brokerNode } from '../api/ids.ts';
import { below, pick, prngStream, type PrngState } from '../base/prng.ts';
import { readLog } from '../log/read.ts';
import type { ErrorName } from '../protocol/errors.ts';
import { batchOf } from '../protocol/record-batch.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const TOPIC = 'tickets';
const T0 = `${TOPIC}-0`;
const BROKERS = [1, 2, 3];

/** A producer that sends one batch at a time until it is acknowledged, wherever the leader is. */
class PatientProducer {
  sequence = 0;
  /** Acknowledged values by offset. */
  readonly acknowledged = new Map<number, string>();
  private readonly cluster: BrokerCluster;
  private pending: { id: number; sentAt: number } | undefined;

  constructor(cluster: BrokerCluster) {
    this.cluster = cluster;
  }

  get value(): string {
    return `v${this.sequence}`;
  }

  /** Looks for the answer, and sends if nothing is under way. A second without an answer counts as a lost one. */
  tick(): void {
    const { cluster, pending } = this;
    if (pending !== undefined) this.look(pending.id);
    if (this.pending !== undefined && cluster.now - this.pending.sentAt > 1_000_000) this.pending = undefined;
    if (cluster.kernel.slot(CONTROLLER).status === 'down') return;
    const { leader } = cluster.partition(TOPIC);
    if (this.pending === undefined && leader >= 0) this.send(leader);
  }

  private send(leader: number): void {
    const records = [{ key: null, value: this.value, timestamp: 1_700_000_000_000 }];
    const batch = batchOf(records, { producerId: 1, producerEpoch: 0, baseSequence: this.sequence });
    const topicData = [
      { topicId: this.cluster.topicId(TOPIC), partitionData: [{ index: 0, records: [batch] }] },
    ];
    const body = { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData };
    const id = this.cluster.client.send(brokerNode(leader), 'Produce', body, {
      channel: `p${this.sequence}`,
    });
    this.pending = { id, sentAt: this.cluster.now };
  }

  private look(id: number): void {
    if (this.cluster.client.answer(id) === undefined) return;
    this.pending = undefined;
    const answer = this.cluster.client.body<'Produce'>(id)?.responses[0]?.partitionResponses[0];
    if (answer === undefined || answer.errorCode !== 0) return;
    this.acknowledged.set(answer.baseOffset, this.value);
    this.sequence += 1;
  }
}

const CONTROLLER = 'controller';

/** Something happens to a machine or a link; returns what mends it. */
function fault(cluster: BrokerCluster, prng: PrngState, mayLosePower: boolean): () => void {
  const { kernel } = cluster;
  const nodes = [...BROKERS.map(brokerNode), CONTROLLER];
  const victim = pick(prng, nodes);
  const other = pick(
    prng,
    nodes.filter((node) => node !== victim),
  );
  switch (below(prng, 5)) {
    case 0:
      kernel.stop(victim, { powerLoss: mayLosePower });
      return () => kernel.start(victim);
    case 1:
      kernel.stop(victim, { powerLoss: false });
      return () => kernel.start(victim);
    case 2:
      kernel.pause(victim);
      return () => kernel.resume(victim);
    case 3:
      if (victim !== CONTROLLER) kernel.signal(victim, { type: 'terminate' });
      return () => kernel.start(victim);
    default:
      kernel.setLinkCut(victim, other, true);
      return () => kernel.setLinkCut(victim, other, false);
  }
}

const isWell = (cluster: BrokerCluster): boolean =>
  cluster.kernel.slot(CONTROLLER).status === 'up' &&
  cluster.partition(TOPIC).isr.length === 3 &&
  BROKERS.every((id) => cluster.kernel.slot(brokerNode(id)).status === 'up') &&
  BROKERS.every((id) => cluster.memory(id).lifecycle.state === 'RUNNING');

function valuesOn(cluster: BrokerCluster, brokerId: number): (string | null)[] {
  const log = cluster.replica(brokerId, T0)?.log;
  if (log === undefined) return [];
  const range = { offset: 0, maxBytes: 1e9, upTo: log.logEndOffset, minOneMessage: true };
  return readLog(log, cluster.contextOf(brokerId), range).batches.flatMap(({ records }) => [
    ...records.values,
  ]);
}

/** Produces through a number of faults; returns what was acknowledged and the cluster at rest. */
function ordeal(seed: number, faults: number): { cluster: BrokerCluster; producer: PatientProducer } {
  const cluster = new BrokerCluster({ seed, overrides: { 'replica.lag.time.max.ms': '4000' } });
  cluster.boot();
  cluster.createTopic(TOPIC, [[1, 2, 3]], { 'min.insync.replicas': '2' });
  const prng = prngStream(seed, 'faults');
  const producer = new PatientProducer(cluster);
  const runFor = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 20) {
      producer.tick();
      cluster.runFor(20);
    }
  };
  for (let i = 0; i < faults; i++) {
    // Two at a time, of which only one may take away what was not flushed: a third copy always remains.
    const first = fault(cluster, prng, true);
    runFor(below(prng, 4_000));
    const second = fault(cluster, prng, false);
    const heal = (): void => {
      first();
      second();
    };
    runFor(100 + below(prng, 15_000));
    // A broker that is still on its way down when it is told to start has to be told again.
    for (let waited = 0; waited === 0 || (!isWell(cluster) && waited < 120); waited++) {
      heal();
      runFor(500);
    }
    expect({ seed, fault: i, isWell: isWell(cluster) }).toMatchObject({ isWell: true });
  }
  runFor(2_000);
  return { cluster, producer };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('no fault loses or doubles what was acknowledged (seed %i)', (seed) => {
  const { cluster, producer } = ordeal(seed, 6);
  const { leader } = cluster.partition(TOPIC);
  const committed = cluster.replica(leader, T0)?.highWatermark ?? 0;
  const values = valuesOn(cluster, leader).slice(0, committed);
  expect(producer.acknowledged.size).toBeGreaterThan(100);
  for (const [offset, value] of producer.acknowledged) expect(values[offset]).toBe(value);
  expect(new Set(values).size).toBe(values.length);
  for (const id of BROKERS) expect(valuesOn(cluster, id).slice(0, committed).join()).toBe(values.join());
  expect(cluster.traces('log-truncated').filter(({ data }) => data.committed)).toEqual([]);
  const refusals = cluster.traces('produce-refused').map(({ data }) => data.error);
  expect(refusals).not.toContain('OUT_OF_ORDER_SEQUENCE_NUMBER' satisfies ErrorName);
});

test('the same seed runs the same, and so does a checkpoint that is gone back to', () => {
  const first = ordeal(7, 3).cluster;
  const second = ordeal(7, 3).cluster;
  expect(second.kernel.stateHash()).toBe(first.kernel.stateHash());
  const checkpoint = first.kernel.checkpoint();
  first.kernel.stop('b1', { powerLoss: false });
  first.runFor(20_000);
  const after = first.kernel.stateHash();
  first.kernel.restore(checkpoint);
  expect(first.kernel.stateHash()).toBe(second.kernel.stateHash());
  first.kernel.stop('b1', { powerLoss: false });
  first.runFor(20_000);
  expect(first.kernel.stateHash()).toBe(after);
});
