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

test('a handshake is waited for about 10 s, an answer 30 s: a paused process accepts connections and says nothing', () => {
  expect(patience((cluster) => cluster.kernel.pause('b1'))).toBe(30_000);
  const handshake = patience((cluster) => cluster.kernel.setLinkCut('p1', 'b1', true));
  expect(Math.abs(handshake - 10_000)).toBeLessThanOrEqual(2_000); // ±20 % of chance
});

const openTo = (cluster: BrokerCluster, broker: string): number =>
  [...cluster.kernel.state.network.connections.values()].filter(
    ({ a, b, aOpen }) => a === 'p1' && b === broker && aOpen,
  ).length;

test('each handshake in vain is given twice the time of the one before, up to a most', () => {
  const cluster = new BrokerCluster({ seed: 5, brokers: 1 });
  cluster.boot();
  cluster.kernel.setLinkCut('p1', 'b1', true);
  const overrides = {
    'socket.connection.setup.timeout.ms': '1000',
    'socket.connection.setup.timeout.max.ms': '3000',
    'reconnect.backoff.ms': '10',
  };
  const tape = tapeOf(1);
  const config = { id: 'p1', bootstrap: { 1: 'b1' }, topic: 't', tape, pace: { kind: 'max' }, overrides };
  cluster.kernel.addNode('p1', 'producer', config, cluster.now);
  const lasted = [1, 2, 3, 4].map((attempt) => {
    cluster.runUntilTrue(`attempt ${attempt}`, () => openTo(cluster, 'b1') === 1);
    return cluster.runUntilTrue(`end of attempt ${attempt}`, () => openTo(cluster, 'b1') === 0);
  });
  [1_000, 2_000, 3_000, 3_000].forEach((most, i) => {
    expect(lasted[i]).toBeGreaterThanOrEqual(most * 0.8);
    expect(lasted[i]).toBeLessThanOrEqual(Math.min(most * 1.2, 3_000));
  });
});

test('a connection that nothing goes over is closed after connections.max.idle.ms, and opened again when it is needed', () => {
  const cluster = new BrokerCluster({ seed: 5, brokers: 1 });
  cluster.boot();
  cluster.createTopic('t', [[1]]);
  const tape = { ...tapeOf(2), timestamps: [0, 30_000] };
  const overrides = { 'connections.max.idle.ms': '10000' };
  const pace = { kind: 'times', factor: 1, gapMaxMs: 60_000 };
  const config = { id: 'p1', bootstrap: { 1: 'b1' }, topic: 't', tape, pace, overrides };
  cluster.kernel.addNode('p1', 'producer', config, cluster.now);
  const acknowledged = (): number => cluster.traces('batch-acknowledged').length;
  cluster.runUntilTrue('the first', () => acknowledged() === 1);
  const quietMs = cluster.runUntilTrue('closed', () => openTo(cluster, 'b1') === 0);
  expect(quietMs).toBeCloseTo(10_000, 0);
  expect(cluster.traces('idle-connection-closed')).toMatchObject([{ node: 'p1', data: { peer: 'b1' } }]);
  cluster.runUntilTrue('the second', () => acknowledged() === 2);
  expect(cluster.traces('connection-lost')).toHaveLength(0);
});
