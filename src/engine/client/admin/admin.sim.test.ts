import { beforeEach, describe, expect, test } from 'vitest';
import { CONSUMER_CONFIG } from '../../api/config/client-config.ts';
import { parseConfig } from '../../api/config/config-key.ts';
import { ensure } from '../../base/assert.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { batchOf } from '../../protocol/record-batch.ts';
import type { Program, Signal } from '../../sim/node-context.ts';
import { BrokerCluster } from '../../testing/broker-cluster.ts';
import type { Admin, AdminCall, AdminNotice } from './admin-state.ts';
import { createAdmin } from './admin-state.ts';
import { adminCall, onAdminDisconnect, onAdminMessage, onAdminTimer, takeAdminNotices } from './admin.ts';

const BOOTSTRAP = [
  [1, 'b1'],
  [2, 'b2'],
  [3, 'b3'],
] as const;

interface Memory {
  readonly admin: Admin;
  readonly notices: AdminNotice[];
}

const operator: Program<unknown, Memory> = {
  kind: 'operator',
  start: () => {
    const config = parseConfig(CONSUMER_CONFIG, { 'default.api.timeout.ms': '20000' });
    if (!config.ok) throw new Error(config.error);
    const options = { prefix: 'admin', clientId: 'admin', bootstrap: BOOTSTRAP, config: config.value };
    return { admin: createAdmin(options), notices: [] };
  },
  onMessage(memory, context, connection, message) {
    onAdminMessage(memory.admin, context, connection, message);
    memory.notices.push(...takeAdminNotices(memory.admin));
  },
  onTimer(memory, context, name) {
    onAdminTimer(memory.admin, context, name);
    memory.notices.push(...takeAdminNotices(memory.admin));
  },
  onDisconnect(memory, context, connection) {
    onAdminDisconnect(memory.admin, context, connection);
    memory.notices.push(...takeAdminNotices(memory.admin));
  },
  onSignal(memory, context, signal) {
    adminCall(memory.admin, context, (signal as unknown as { call: AdminCall }).call);
  },
};

let cluster: BrokerCluster;
beforeEach(() => {
  cluster = new BrokerCluster({ seed: 2, programs: [operator] });
  cluster.boot();
  cluster.kernel.addNode('op', 'operator', {}, cluster.now);
  cluster.runFor(1);
});

function call(request: AdminCall): AdminNotice {
  const memory = cluster.kernel.slot('op').memory as Memory;
  const before = memory.notices.length;
  cluster.kernel.signal('op', { type: 'call', call: request } as Signal);
  cluster.runUntilTrue('an outcome', () => memory.notices.length > before);
  return ensure(memory.notices.at(-1), 'notice');
}

const topic = (name: string, numPartitions = 2) => ({
  name,
  numPartitions,
  replicationFactor: 3,
  assignments: [],
  configs: [],
});

const describeTopic = (name: string) => call({ type: 'describe-topics', topics: [name] });

describe('an administrator', () => {
  test('makes topics, is told why not, and sees them', () => {
    const made = call({ type: 'create-topics', topics: [topic('a'), topic('b', 3)] });
    expect(made).toMatchObject({
      type: 'topics-created',
      error: NONE,
      topics: [{ errorCode: NONE }, { errorCode: NONE }],
    });
    const again = call({ type: 'create-topics', topics: [topic('a')] });
    expect(again).toMatchObject({ topics: [{ errorCode: ERROR_CODES.TOPIC_ALREADY_EXISTS }] });
    cluster.runFor(100);
    expect(describeTopic('b')).toMatchObject({ topics: [{ name: 'b', error: NONE, partitions: 3 }] });
    expect(describeTopic('c')).toMatchObject({ topics: [{ error: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION }] });
  });

  test('deletes records at the leader and sees where the log begins, through a change of leaders', () => {
    cluster.createTopic('a', [[1, 2, 3]]);
    const batch = batchOf([0, 1, 2, 3].map((i) => ({ key: null, value: `${i}`, timestamp: 1_000 + i })));
    const topicData = [{ topicId: cluster.topicId('a'), partitionData: [{ index: 0, records: [batch] }] }];
    cluster.ask(1, 'Produce', { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData });
    const at = (offset: number) => [{ topic: 'a', partition: 0, offset }];
    expect(call({ type: 'list-offsets', partitions: at(-1) })).toMatchObject({
      results: [{ error: NONE, offset: 4 }],
    });
    expect(call({ type: 'list-offsets', partitions: at(1_002) })).toMatchObject({ results: [{ offset: 2 }] });
    cluster.kernel.stop('b1', { powerLoss: false });
    const deleted = call({ type: 'delete-records', partitions: at(3) });
    expect(deleted).toMatchObject({ type: 'partitions-answered', results: [{ error: NONE, offset: 3 }] });
    expect(call({ type: 'list-offsets', partitions: at(-2) })).toMatchObject({ results: [{ offset: 3 }] });
  });

  test('changes the configuration of a topic', () => {
    cluster.createTopic('a', [[1, 2, 3]]);
    const change = (value: string) =>
      call({
        type: 'alter-configs',
        resources: [
          {
            resourceType: 2,
            resourceName: 'a',
            configs: [{ name: 'retention.ms', configOperation: 0, value }],
          },
        ],
      });
    expect(change('1000')).toMatchObject({ type: 'configs-altered', errors: [NONE] });
    expect(change('soon')).toMatchObject({ errors: [ERROR_CODES.INVALID_CONFIG] });
  });

  test('gives up when nobody answers', () => {
    for (const node of ['b1', 'b2', 'b3']) cluster.kernel.stop(node, { powerLoss: true });
    const begun = cluster.now;
    expect(call({ type: 'create-topics', topics: [topic('a')] })).toMatchObject({
      error: ERROR_CODES.REQUEST_TIMED_OUT,
    });
    expect(cluster.now - begun).toBe(20_000_000);
  });
});
