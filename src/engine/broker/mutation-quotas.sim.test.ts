import { expect, test } from 'vitest';
import type { ApiName, RequestBody, ResponseBody } from '../protocol/message.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const EXCEEDED = 89;

/** A bucket of eleven seconds, as by default: with half a partition a second it holds five and a half. */
function limited(): BrokerCluster {
  const cluster = new BrokerCluster({ seed: 4, brokers: 2 });
  cluster.boot();
  const entity = [{ entityType: 'client-id', entityName: 'client-main' }];
  const ops = [{ key: 'controller_mutation_rate', value: 0.5, remove: false }];
  const answer = cluster.ask(1, 'AlterClientQuotas', { entries: [{ entity, ops }], validateOnly: false });
  expect(answer.entries[0]?.errorCode).toBe(0);
  return cluster;
}

interface Answered<A extends ApiName> {
  readonly body: ResponseBody<A>;
  readonly tookMs: number;
}

function ask<A extends ApiName>(
  cluster: BrokerCluster,
  api: A,
  body: RequestBody<A>,
  options: { readonly channel?: string; readonly version?: number } = {},
): Answered<A> {
  const id = cluster.client.send('b1', api, body, options);
  const tookMs = cluster.runUntilTrue('answer', () => cluster.client.answer(id) !== undefined);
  return { body: cluster.client.body<A>(id) as ResponseBody<A>, tookMs };
}

const create = (cluster: BrokerCluster, name: string, options = {}): Answered<'CreateTopics'> => {
  const topic = { name, numPartitions: 4, replicationFactor: 1, assignments: [], configs: [] };
  return ask(cluster, 'CreateTopics', { topics: [topic], timeoutMs: 5_000, validateOnly: false }, options);
};

test('who has made too many partitions is refused, told when to come back, and not heard until then', () => {
  const cluster = limited();
  expect(create(cluster, 'a').body).toMatchObject({ throttleTimeMs: 0, topics: [{ errorCode: 0 }] });
  // One and a half are left, and more may be taken than there is.
  expect(create(cluster, 'b').body).toMatchObject({ throttleTimeMs: 0, topics: [{ errorCode: 0 }] });
  const refused = create(cluster, 'c').body;
  expect(refused.topics[0]).toMatchObject({
    errorCode: EXCEEDED,
    errorMessage: 'The throttling quota has been exceeded.',
  });
  // Two and a half are owed, at half a partition a second.
  expect(refused.throttleTimeMs).toBeGreaterThan(4_800);
  expect(refused.throttleTimeMs).toBeLessThanOrEqual(5_000);
  const later = create(cluster, 'c');
  expect(later.tookMs).toBeGreaterThan(refused.throttleTimeMs - 10);
  expect(later.body.topics[0]?.errorCode).toBe(0);
  // Others have no quota.
  expect(create(cluster, 'd', { channel: 'other' }).body.topics[0]?.errorCode).toBe(0);
});

test('taking topics away and adding partitions counts as well, each topic on its own', () => {
  const cluster = limited();
  create(cluster, 'a');
  create(cluster, 'b');
  const gone = ask(cluster, 'DeleteTopics', {
    topics: [{ name: 'a', topicId: ZERO_UUID }],
    timeoutMs: 5_000,
  }).body;
  expect(gone.responses[0]?.errorCode).toBe(EXCEEDED);
  expect(gone.throttleTimeMs).toBeGreaterThan(4_000);
  const names = ['a', 'b', 'nowhere'];
  const topics = names.map((name) => ({ name, count: 12, assignments: null }));
  const more = ask(cluster, 'CreatePartitions', { topics, timeoutMs: 5_000, validateOnly: false }).body;
  expect(more.results.map(({ errorCode }) => errorCode)).toEqual([0, EXCEEDED, 3]);
});

test('a client too old to understand a refusal is served, and then slowed down', () => {
  const cluster = limited();
  const old = { version: 5 };
  create(cluster, 'a', old);
  const second = create(cluster, 'b', old).body;
  expect(second.topics[0]?.errorCode).toBe(0);
  expect(second.throttleTimeMs).toBeGreaterThan(4_800);
  const third = create(cluster, 'c', old);
  expect(third.tookMs).toBeGreaterThan(second.throttleTimeMs - 10);
  expect(third.body.topics[0]?.errorCode).toBe(0);
});
