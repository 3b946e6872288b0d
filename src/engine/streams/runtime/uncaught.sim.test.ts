import { expect, test } from 'vitest';
import type { ApplicationSpec, Tape } from '../../api/scenario.ts';
import { StreamsCluster } from '../../testing/streams-cluster.ts';

const RECORDS = 400;
const POISON = 300;
const REQUESTED =
  'A Kafka Streams client in this Kafka Streams application is requesting to shutdown the application';
const NODES = ['app-1', 'app-2'];

/** One of the values is no JSON: deserializing it ends the thread. */
const tape: Tape = Object.freeze({
  count: RECORDS,
  timestamps: Array.from({ length: RECORDS }, (_, i) => 1_700_000_000_000 + i * 10),
  keys: Array.from({ length: RECORDS }, (_, i) => `k${i % 20}`),
  values: Array.from({ length: RECORDS }, (_, i) => (i === POISON ? 'poison' : '{}')),
});

/** Two instances that pass records on, up to what the choice makes of the poison within ten seconds. */
function poisoned(onUncaughtException: ApplicationSpec['onUncaughtException']): StreamsCluster {
  const cluster = new StreamsCluster({ seed: 7, overrides: { 'offsets.topic.num.partitions': '3' } });
  cluster.boot();
  for (const topic of ['in', 'out'])
    cluster.createTopic(
      topic,
      Array.from({ length: 4 }, () => [1, 2, 3]),
    );
  cluster.addApplication({
    id: 'app',
    instances: 2,
    topology: [
      { op: 'stream', id: 'in', topic: 'in', key: 'string', value: 'json' },
      { op: 'to', of: 'in', topic: 'out' },
    ],
    config: { 'commit.interval.ms': '100' },
    onUncaughtException,
  });
  cluster.runFor(9_000);
  for (const node of NODES) expect(cluster.thread(node)?.tasks.size).toBe(2);
  cluster.addTape('p', 'in', tape, { kind: 'rate', perSecond: 100 });
  cluster.runFor(13_000);
  return cluster;
}

const statuses = (cluster: StreamsCluster) => NODES.map((node) => cluster.kernel.slot(node).status);
const errors = (cluster: StreamsCluster) =>
  cluster.traces('client-failed').map(({ node, data }) => [node, data.error.split(':')[0]] as const);

test('an instance whose thread ends shuts down and leaves, and the next one gets its tasks, and the poison', () => {
  const cluster = poisoned(undefined);
  expect(statuses(cluster)).toEqual(['down', 'down']);
  expect(new Set(errors(cluster).map(([node]) => node))).toEqual(new Set(NODES));
  expect(new Set(errors(cluster).map(([, error]) => error))).toEqual(new Set(['StreamsException']));
});

test('a thread that is replaced begins anew as another member, again and again', () => {
  const cluster = poisoned('replace-thread');
  expect(statuses(cluster)).toEqual(['up', 'up']);
  expect(errors(cluster).length).toBeGreaterThan(2);
  const left = cluster.traces('member-removed').filter(({ data }) => data.reason === 'left');
  expect(new Set(left.map(({ data }) => data.member)).size).toBe(errors(cluster).length);
  // The dying thread has its index still when the new one gets its own, so two indices take turns.
  for (const node of NODES) {
    const added = cluster.traces('stream-thread-added').filter((event) => event.node === node);
    expect(added.map(({ data }) => data.index)).toEqual(added.map((_, i) => (i % 2 === 0 ? 2 : 1)));
  }
});

test('one instance that asks for it makes all of them end, and none gets the poison from it', () => {
  const cluster = poisoned('shutdown-application');
  expect(statuses(cluster)).toEqual(['down', 'down']);
  const [first, ...others] = errors(cluster);
  expect(first?.[1]).toBe('StreamsException');
  expect(new Set(others)).toEqual(new Set(NODES.map((node) => [node, REQUESTED])));
  // Long before a session of 45 seconds could expire.
  expect(cluster.traces('member-removed').map(({ data }) => data.reason)).toEqual(['left']);
});
