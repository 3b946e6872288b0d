import { expect, test } from 'vitest';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import { NOT_ACCEPTED } from './channels.ts';

const LIMIT = 'connection-limited';

function ready(overrides: Readonly<Record<string, string>>): BrokerCluster {
  const cluster = new BrokerCluster({ seed: 5, brokers: 1, overrides });
  cluster.boot();
  return cluster;
}

/** Asks something over a connection of its own; returns whether it was answered within a second. */
function ask(cluster: BrokerCluster, channel: string): { readonly isAnswered: () => boolean } {
  const body = { topics: null, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false };
  const id = cluster.client.send('b1', 'Metadata', body, { channel });
  cluster.runFor(1_000);
  return { isAnswered: () => cluster.client.body(id) !== undefined };
}

const accepted = (cluster: BrokerCluster): number =>
  [...cluster.memory(1).requests.channels.values()].filter(({ token }) => token !== NOT_ACCEPTED).length;

const alter = (cluster: BrokerCluster, name: string, value: string): void => {
  const configs = [{ name, configOperation: 0, value }];
  const body = { resources: [{ resourceType: 4, resourceName: '', configs }], validateOnly: false };
  cluster.client.send('b1', 'IncrementalAlterConfigs', body, { channel: 'main' });
  cluster.runFor(1_000);
};

test('beyond max.connections nobody is refused: who comes later waits until another is gone', () => {
  const cluster = ready({ 'max.connections': '2' });
  expect(ask(cluster, 'one').isAnswered()).toBe(true);
  expect(ask(cluster, 'two').isAnswered()).toBe(true);
  const third = ask(cluster, 'three');
  cluster.runFor(60_000);
  expect(third.isAnswered()).toBe(false);
  expect(accepted(cluster)).toBe(2);
  expect(cluster.traces(LIMIT)).toMatchObject([
    { node: 'b1', data: { peer: 'client', limit: 'max.connections', outcome: 'waits', times: 1 } },
  ]);
  cluster.client.close('b1', 'one');
  cluster.runFor(10);
  expect(third.isAnswered()).toBe(true);
  expect(accepted(cluster)).toBe(2);
});

test('a lower max.connections closes those who were active least lately, a higher one lets the next in', () => {
  const cluster = ready({});
  for (const name of ['one', 'two', 'three', 'main']) ask(cluster, name);
  ask(cluster, 'one');
  alter(cluster, 'max.connections', '2');
  expect(accepted(cluster)).toBe(2);
  expect(cluster.client.isOpen('b1', 'one')).toBe(true);
  expect(cluster.client.isOpen('b1', 'two')).toBe(false);
  const late = ask(cluster, 'late');
  expect(late.isAnswered()).toBe(false);
  alter(cluster, 'max.connections', '3');
  expect(late.isAnswered()).toBe(true);
});

test('beyond max.connections.per.ip of a machine its connections are closed; an override holds for one machine', () => {
  const overrides = { 'max.connections.per.ip': '5', 'max.connections.per.ip.overrides': 'other:9,client:1' };
  const cluster = ready(overrides);
  expect(ask(cluster, 'one').isAnswered()).toBe(true);
  expect(ask(cluster, 'two').isAnswered()).toBe(false);
  expect(cluster.client.isOpen('b1', 'two')).toBe(false);
  expect(cluster.memory(1).acceptor).toMatchObject({ refused: 1, delayed: 0, waiting: [] });
});

test('an override that is no number is passed over: the limit of all machines holds', () => {
  const overrides = {
    'max.connections.per.ip': '1',
    'max.connections.per.ip.overrides': 'client:many,client:',
  };
  const cluster = ready(overrides);
  expect(ask(cluster, 'one').isAnswered()).toBe(true);
  expect(ask(cluster, 'two').isAnswered()).toBe(false);
});

test('beyond max.connection.creation.rate new connections are accepted later, a sample of a second at most', () => {
  const cluster = ready({ 'max.connection.creation.rate': '1', 'quota.window.num': '2' });
  const begin = cluster.now;
  for (let i = 0; i < 6; i++) ask(cluster, `c${i}`);
  expect(cluster.memory(1).acceptor?.delayed).toBeGreaterThan(0);
  cluster.runUntilTrue('all in', () => accepted(cluster) === 6);
  expect((cluster.now - begin) / 1_000).toBeGreaterThan(4_000);
});

test('a machine beyond its connection_creation_rate is kept waiting, and then closed', () => {
  const cluster = ready({});
  const entity = [{ entityType: 'ip', entityName: 'client' }];
  const ops = [{ key: 'connection_creation_rate', value: 1, remove: false }];
  cluster.client.send('b1', 'AlterClientQuotas', { entries: [{ entity, ops }], validateOnly: false });
  cluster.runFor(1_000);
  const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
  const body = { topics: null, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false };
  const ids = names.map((channel) => cluster.client.send('b1', 'Metadata', body, { channel }));
  cluster.runFor(10);
  // One a second over ten seconds; all others are held for a second, and closed.
  expect(ids.filter((id) => cluster.client.answer(id) !== undefined)).toHaveLength(10);
  expect(names.filter((name) => cluster.client.isOpen('b1', name))).toHaveLength(20);
  cluster.runFor(1_000);
  expect(names.filter((name) => cluster.client.isOpen('b1', name))).toHaveLength(10);
  expect(cluster.memory(1).acceptor).toMatchObject({ throttled: 10 });
});

test('what nothing goes over is closed after connections.max.idle.ms, even if its machine has lost its power', () => {
  const cluster = ready({ 'connections.max.idle.ms': '20000' });
  ask(cluster, 'one');
  cluster.runFor(10_000);
  ask(cluster, 'two');
  cluster.runFor(12_000);
  expect(cluster.client.isOpen('b1', 'one')).toBe(false);
  expect(cluster.client.isOpen('b1', 'two')).toBe(true);
  cluster.kernel.stop('client', { powerLoss: true });
  expect(accepted(cluster)).toBeGreaterThan(0);
  cluster.runFor(21_000);
  expect(cluster.traces('idle-connection-closed').at(-1)?.data).toMatchObject({ peer: 'client' });
  expect(
    [...cluster.memory(1).requests.channels.keys()].map((id) => cluster.contextOf(1).peer(id)),
  ).not.toContain('client');
});
