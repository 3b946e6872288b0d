import { expect, test } from 'vitest';
import { brokerNode } from '../api/ids.ts';
import { NONE } from '../protocol/errors.ts';
import { batchOf } from '../protocol/record-batch.ts';
import type { AcknowledgementBatch, AcquiredRecords } from '../protocol/share-fetch.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const ACCEPT = 1;
const RELEASE = 2;
const LOCK_MS = 15_000;

/** A group with members that read topic `t`, one partition, by hand. */
class Readers {
  readonly cluster: BrokerCluster;
  private readonly epochs = new Map<string, number>();

  constructor() {
    this.cluster = new BrokerCluster({
      seed: 11,
      overrides: {
        'share.coordinator.state.topic.num.partitions': '1',
        'group.share.record.lock.duration.ms': String(LOCK_MS),
        'group.share.delivery.count.limit': '2',
      },
    });
    this.cluster.boot();
    this.cluster.createTopic('t', [[1, 2, 3]]);
    const { cluster } = this;
    const key = `g:${cluster.topicId('t')}:0`;
    const find = { keyType: 2, coordinatorKeys: [key] };
    let coordinator = -1;
    while (coordinator < 0) {
      const [found] = cluster.ask(1, 'FindCoordinator', find).coordinators;
      coordinator = found?.errorCode === NONE ? found.nodeId : -1;
      cluster.runFor(500);
    }
    const partitions = [{ partition: 0, stateEpoch: 1, startOffset: 0 }];
    const body = { groupId: 'g', topics: [{ topicId: cluster.topicId('t'), partitions }] };
    cluster.ask(coordinator, 'InitializeShareGroupState', body);
  }

  get leader(): number {
    return this.cluster.partition('t').leader;
  }

  produce(count: number): void {
    const records = [batchOf(Array.from({ length: count }, () => ({ key: null, value: 'x', timestamp: 1 })))];
    const topicData = [{ topicId: this.cluster.topicId('t'), partitionData: [{ index: 0, records }] }];
    this.cluster.ask(this.leader, 'Produce', {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData,
    });
  }

  /** Acquires, and acknowledges with it what it had. */
  fetch(memberId: string, batches: readonly AcknowledgementBatch[] = [], maxRecords = 100) {
    const epoch = this.epochs.get(memberId) ?? 0;
    this.epochs.set(memberId, epoch + 1);
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: batches }];
    const answer = this.cluster.ask(this.leader, 'ShareFetch', {
      groupId: 'g',
      memberId,
      shareSessionEpoch: epoch,
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 1_000_000,
      maxRecords,
      batchSize: 100,
      shareAcquireMode: 1,
      isRenewAck: false,
      topics: [{ topicId: this.cluster.topicId('t'), partitions }],
      forgottenTopicsData: [],
    });
    const [partition] = answer.responses[0]?.partitions ?? [];
    const acquired: readonly AcquiredRecords[] = partition?.acquiredRecords ?? [];
    return {
      error: answer.errorCode || (partition?.errorCode ?? NONE),
      acknowledged: partition?.acknowledgeErrorCode ?? NONE,
      acquired: acquired.map((range) => [range.firstOffset, range.lastOffset, range.deliveryCount]),
    };
  }

  /** Its sessions are gone with the broker that led. */
  forget(): void {
    this.epochs.clear();
  }
}

const all = (firstOffset: number, lastOffset: number, type: number): AcknowledgementBatch => ({
  firstOffset,
  lastOffset,
  acknowledgeTypes: [type],
});

test('records go to one member at a time, come back when they are released or their lock is over, and not for ever', () => {
  const readers = new Readers();
  readers.produce(6);
  expect(readers.fetch('a', [], 4).acquired).toEqual([[0, 3, 1]]);
  expect(readers.fetch('b').acquired).toEqual([[4, 5, 1]]);
  expect(readers.fetch('b', [all(0, 0, ACCEPT)]).acknowledged).not.toBe(NONE);
  expect(readers.fetch('a', [all(0, 1, ACCEPT), all(2, 2, RELEASE)]).acquired).toEqual([[2, 2, 2]]);
  expect(readers.fetch('b').acquired).toEqual([]);
  readers.cluster.runFor(LOCK_MS);
  expect(readers.fetch('b').acquired).toEqual([
    [3, 3, 2],
    [4, 5, 2],
  ]);
});

test('what was accepted is not delivered again after its leader is gone, what was not is', () => {
  const readers = new Readers();
  readers.produce(6);
  expect(readers.fetch('a').acquired).toEqual([[0, 5, 1]]);
  expect(readers.fetch('a', [all(0, 1, ACCEPT), all(4, 4, ACCEPT)]).acknowledged).toBe(NONE);
  readers.cluster.kernel.stop(brokerNode(readers.leader), { powerLoss: false });
  readers.cluster.runFor(15_000);
  readers.forget();
  const { acquired } = readers.fetch('b');
  expect(acquired.map(([first, last]) => [first, last])).toEqual([
    [2, 3],
    [5, 5],
  ]);
});
