import { expect, test } from 'vitest';
import type { BrokerFacts } from '../../api/entities/node.ts';
import type { PartitionEntity } from '../../api/entities/partition.ts';
import { leanScenario, leanTape } from '../../testing/lean-scenario.ts';
import { ClusterSimulation } from '../simulation.ts';

test('a rate that no file can hold is set when the cluster is there, and its use is shown', () => {
  const scenario = leanScenario(1);
  const lists = { 'leader.replication.throttled.replicas': '*' };
  const simulation = new ClusterSimulation(
    {
      ...scenario,
      brokers: scenario.brokers.map((broker) =>
        broker.id === 2 ? { ...broker, config: { 'leader.replication.throttled.rate': '7000' } } : broker,
      ),
      brokerConfig: { ...scenario.brokerConfig, 'leader.replication.throttled.rate': '5000000' },
      topics: scenario.topics.map((topic) => (topic.name === 'clicks' ? { ...topic, config: lists } : topic)),
      applications: [],
      groups: [],
    },
    { p1: leanTape() },
  );
  simulation.advance({ until: 5_000_000, eventsMax: Infinity });
  const { changed } = simulation.frame();
  const brokers = changed.flatMap((entity) =>
    entity.kind === 'node' && entity.broker ? [entity.broker] : [],
  );
  const throttle = (facts: BrokerFacts | undefined) =>
    facts?.throttles?.find(({ side }) => side === 'leader');
  expect(brokers.map((facts) => throttle(facts)?.limit)).toEqual([5_000_000, 7_000, 5_000_000]);
  const partitions = changed.filter(
    (entity): entity is PartitionEntity => entity.kind === 'partition' && entity.topic === 'clicks',
  );
  for (const { leader, states } of partitions) {
    expect(states.filter(({ throttled }) => throttled === true).map(({ broker }) => broker)).toEqual([
      leader,
    ]);
    // Everybody is in sync, so nothing is kept back, and all of it counts.
    expect(throttle(brokers[leader - 1])?.bytesPerSecond).toBeGreaterThan(0);
  }
});
