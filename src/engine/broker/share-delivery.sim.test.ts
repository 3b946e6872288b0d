import { expect, test } from 'vitest';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import { brokerNode } from '../api/ids.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { batchOf } from '../protocol/record-batch.ts';
import type { AcknowledgementBatch, AcquiredRecords } from '../protocol/share-fetch.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const ACCEPT = 1;
const RELEASE = 2;
const RENEW = 4;
const LOCK_MS = 15_000;

/** A group with members that read topic `t`, one partition, by hand. */
class Readers {
  readonly cluster: BrokerCluster;
  private readonly epochs = new Map<string, number>();

  constructor(groupConfig: ConfigOverrides = {}) {
    this.cluster = new BrokerCluster({
      seed: 11,
      overrides: {
        'share.coordinator.state.topic.num.partitions': '1',
        'group.share.record.lock.duration.ms': String(LOCK_MS),
        'group.share.delivery.count.limit': '2',
        'transaction.partition.verification.enable': 'false',
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
    const begin = Object.keys(groupConfig).length === 0 ? 0 : -1;
    const partitions = [{ partition: 0, stateEpoch: 1, startOffset: begin }];
    const body = { groupId: 'g', topics: [{ topicId: cluster.topicId('t'), partitions }] };
    cluster.ask(coordinator, 'InitializeShareGroupState', body);
    for (const [name, value] of Object.entries(groupConfig)) this.set(name, value);
  }

  set(name: string, value: string): number | undefined {
    const configs = [{ name, configOperation: 0, value }];
    const resources = [{ resourceType: CONFIG_RESOURCE.GROUP, resourceName: 'g', configs }];
    const answer = this.cluster.ask(1, 'IncrementalAlterConfigs', { resources, validateOnly: false });
    this.cluster.runFor(50);
    return answer.responses[0]?.errorCode;
  }

  get leader(): number {
    return this.cluster.partition('t').leader;
  }

  produce(count: number, of: Parameters<typeof batchOf>[1] = {}): void {
    const { epochMs } = this.cluster.kernel.state;
    const rows = Array.from({ length: count }, () => ({ key: null, value: 'x', timestamp: epochMs }));
    const records = [batchOf(rows, of)];
    const topicData = [{ topicId: this.cluster.topicId('t'), partitionData: [{ index: 0, records }] }];
    const body = {
      transactionalId: of.isTransactional === true ? 'x' : null,
      acks: -1,
      timeoutMs: 5_000,
      topicData,
    };
    // The last version with which a coordinator need not know of a transaction.
    const answer = this.cluster.ask(this.leader, 'Produce', body, { version: 11 });
    expect(answer.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: NONE });
  }

  /** Acquires, and acknowledges with it what it had. */
  fetch(
    memberId: string,
    batches: readonly AcknowledgementBatch[] = [],
    maxRecords = 100,
    isRenewAck = false,
  ) {
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
      isRenewAck,
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

  abort(producer: { readonly producerId: number; readonly producerEpoch: number }): void {
    const topics = [{ name: 't', partitionIndexes: [0] }];
    const marker = {
      ...producer,
      transactionResult: false,
      topics,
      coordinatorEpoch: 0,
      transactionVersion: 1,
    };
    this.cluster.ask(this.leader, 'WriteTxnMarkers', { markers: [marker] });
  }

  /** What was told of share groups: type, first offset, records. */
  told() {
    const { trace } = this.cluster.kernel.state;
    return Array.from({ length: trace.end - trace.start }, (_, i) => trace.at(trace.start + i).data).flatMap(
      (fact) => {
        const data = fact as TraceEventData;
        return 'firstOffset' in data && 'group' in data ? [[data.type, data.firstOffset, data.records]] : [];
      },
    );
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
  // What is before the start needs nothing, whoever says it; beyond the end there is nothing to speak of.
  expect(readers.fetch('b', [all(0, 1, ACCEPT)]).acknowledged).toBe(NONE);
  expect(readers.fetch('b', [all(6, 7, ACCEPT)]).acknowledged).toBe(ERROR_CODES.INVALID_REQUEST);
  readers.cluster.runFor(LOCK_MS);
  expect(readers.fetch('b').acquired).toEqual([
    [3, 3, 2],
    [4, 5, 2],
  ]);
  readers.cluster.runFor(LOCK_MS);
  expect(readers.fetch('a').acquired).toEqual([]);
  expect(readers.told()).toEqual([
    ['share-records-redelivered', 2, 1],
    ['share-locks-expired', 3, 1],
    ['share-locks-expired', 4, 2],
    ['share-records-archived', 2, 1],
    ['share-records-redelivered', 3, 3],
    ['share-records-archived', 3, 3],
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

test('what a group sets for itself goes before what its brokers have, within their bounds', () => {
  const readers = new Readers({
    'share.auto.offset.reset': 'earliest',
    'share.delivery.count.limit': '3',
    'share.record.lock.duration.ms': '20000',
    'share.renew.acknowledge.enable': 'false',
  });
  const { INVALID_CONFIG } = ERROR_CODES;
  expect(readers.set('share.delivery.count.limit', '11')).toBe(INVALID_CONFIG);
  expect(readers.set('share.heartbeat.interval.ms', '60000')).toBe(INVALID_CONFIG);
  expect(readers.set('share.auto.offset.reset', 'none')).toBe(INVALID_CONFIG);
  expect(readers.set('nonsense', '1')).toBe(INVALID_CONFIG);
  readers.produce(3);
  expect(readers.fetch('a').acquired).toEqual([[0, 2, 1]]);
  expect(readers.fetch('a', [all(0, 0, RENEW)], 100, true).acknowledged).toBe(
    ERROR_CODES.INVALID_RECORD_STATE,
  );
  readers.cluster.runFor(LOCK_MS);
  expect(readers.fetch('b').acquired).toEqual([]);
  readers.cluster.runFor(5_000);
  expect(readers.fetch('b', [], 1).acquired).toEqual([[0, 0, 2]]);
  expect(readers.fetch('b', [all(0, 0, RELEASE)], 1).acquired).toEqual([[0, 0, 3]]);
  expect(readers.fetch('b', [all(0, 0, RELEASE)], 1).acquired).toEqual([[1, 1, 2]]);
});

test('a group that reads committed records gets none of an aborted transaction, and waits for one that is open', () => {
  const readers = new Readers({
    'share.auto.offset.reset': 'by_duration:PT24H',
    'share.isolation.level': 'read_committed',
  });
  readers.produce(2);
  const producer = { producerId: 7, producerEpoch: 0 };
  readers.produce(3, { ...producer, baseSequence: 0, isTransactional: true });
  expect(readers.fetch('a').acquired).toEqual([[0, 1, 1]]);
  expect(readers.fetch('a').acquired).toEqual([]);
  readers.abort(producer);
  readers.produce(1);
  // The marker is a record too, for the client to pass over.
  expect(readers.fetch('a').acquired).toEqual([[5, 6, 1]]);
});
