import { expect, test } from 'vitest';
import type { Tape } from '../api/scenario.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const BOOTSTRAP = { 1: 'b1', 2: 'b2', 3: 'b3' };

function tapeOf(count: number): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map((row) => 1_700_000_000_000 + row),
    keys: rows.map((row) => `key-${row}`),
    values: rows.map((row) => `${row}`),
  });
}

/** Three brokers, one partition led by b1, and a producer that has just begun to play ten records a second into it. */
function playing(count: number): BrokerCluster {
  const cluster = new BrokerCluster({ seed: 5 });
  cluster.boot();
  cluster.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '2' });
  play(cluster, count);
  return cluster;
}

function play(cluster: BrokerCluster, count: number): void {
  const tape = tapeOf(count);
  const pace = { kind: 'rate', perSecond: 10 };
  const config = { id: 'p1', bootstrap: BOOTSTRAP, topic: 't', tape, pace, overrides: {} };
  cluster.kernel.addNode('p1', 'producer', config, cluster.now);
  cluster.runUntilTrue('some are acknowledged', () => cluster.traces('batch-acknowledged').length >= 5);
}

test('a batch fails when delivery.timeout.ms is over, though nothing but time passes', () => {
  const cluster = playing(100);
  for (const broker of ['b1', 'b2', 'b3']) cluster.kernel.pause(broker);
  const lastsUntil = cluster.now + 140_000_000;
  cluster.runUntil(lastsUntil);
  const sent = cluster.traces('batch-sent').filter(({ data }) => data.attempt === 1);
  const doomed = sent[cluster.traces('batch-acknowledged').length];
  const waited = ((cluster.traces('batch-failed')[0]?.at ?? 0) - (doomed?.at ?? 0)) / 1_000;
  expect(waited).toBeGreaterThan(119_900); // it lingered for 5 ms before it was sent
  expect(waited).toBeLessThan(120_100);
});

test('a producer that no answer reaches asks who leads now: a leader that only the controller has lost is left behind', () => {
  const cluster = playing(1_000);
  const begin = cluster.now;
  cluster.kernel.setLinkCut('b1', 'controller', true);
  cluster.runUntilTrue('another leads', () => cluster.partition('t').leader === 2);
  cluster.runUntilTrue('the new leader has acknowledged', () =>
    cluster.traces('batch-acknowledged').some(({ at }) => at > begin + 30_000_000),
  );
  // Requests to the old leader wait for request.timeout.ms, 30 s; the batches' retry backoff follows.
  expect((cluster.now - begin) / 1_000).toBeLessThan(41_000);
});

test('a producer makes a topic that is not there, with the brokers’ defaults, unless they do not let it', () => {
  const open = new BrokerCluster({ seed: 5, overrides: { 'num.partitions': '3' } });
  open.boot();
  play(open, 10);
  expect([0, 1, 2].map((p) => open.partition('t', p).replicas.length)).toEqual([1, 1, 1]);
  const shut = new BrokerCluster({ seed: 5, overrides: { 'auto.create.topics.enable': 'false' } });
  shut.boot();
  expect(() => {
    play(shut, 10);
  }).toThrow('did not happen: some are acknowledged');
});

/** How long the producer's first request, sent over a new connection that is treated like this, waited; in ms. */
function patience(treat: (cluster: BrokerCluster) => void): number {
  const cluster = new BrokerCluster({ seed: 5 });
  cluster.boot();
  cluster.createTopic('t', [[1, 2, 3]]);
  treat(cluster);
  const begin = cluster.now;
  const config = { id: 'p1', bootstrap: { 1: 'b1' }, topic: 't', tape: tapeOf(1), overrides: {} };
  cluster.kernel.addNode('p1', 'producer', { ...config, pace: { kind: 'rate', perSecond: 10 } }, begin);
  const opened = (): number => cluster.kernel.state.nodes.get('p1')?.incarnation ?? 0;
  cluster.runUntilTrue('the producer runs', () => opened() === 1);
  const connections = (): number =>
    [...cluster.kernel.state.network.connections.values()].filter(({ a, aOpen }) => a === 'p1' && aOpen)
      .length;
  cluster.runUntilTrue('it has connected', () => connections() > 0);
  cluster.runUntilTrue('it has given up', () => connections() === 0);
  return Math.round((cluster.now - begin) / 1_000);
}

test('a handshake is waited for 10 s, an answer 30 s: a paused process accepts connections and says nothing', () => {
  expect(patience((cluster) => cluster.kernel.pause('b1'))).toBe(30_000);
  expect(patience((cluster) => cluster.kernel.setLinkCut('p1', 'b1', true))).toBe(10_000);
});
