import type { Entity, GroupPartition, Sample, TaskEntity, WindowRow } from '../../engine/api/frame.ts';
import { BROKERS, type FakePartition, type FakeWorld } from './fake-world.ts';

/** The whole world as the page is told. */
export function entitiesOf(world: FakeWorld): Entity[] {
  return [
    cluster(world),
    ...Object.keys(world.nodes).map((id) => node(world, id)),
    ...Object.keys(world.topics).flatMap((name) => topicEntities(world, name)),
    producer(world),
    application(world),
    ...[0, 1].flatMap((sub) => [0, 1, 2, 3, 4, 5].map((partition) => task(world, sub, partition))),
    group(world, 'views', 'clicks', ['views-1', 'views-2']),
    group(world, 'dash', 'views-per-minute', ['dash-1', 'dash-2']),
    ...Object.values(world.links).map(({ a, b, cut, extraMicros }): Entity => ({
      kind: 'link',
      id: `link:${a}~${b}`,
      a,
      b,
      cut,
      extraMicros,
      held: 0,
    })),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const endOf = (partition: FakePartition): number => partition.ends[partition.leader - 1] ?? 0;
const lagOf = (world: FakeWorld, name: string): number =>
  sum((world.topics[name] ?? []).map((partition) => Math.max(0, endOf(partition) - partition.position)));

function cluster(world: FakeWorld): Entity {
  const partitions = Object.values(world.topics).flat();
  return {
    kind: 'cluster',
    id: 'cluster',
    scenario: 'Clickstream',
    seed: 11,
    brokersUp: BROKERS.filter((b) => world.nodes[`b${b}`]?.status === 'up').length,
    brokers: 3,
    underReplicated: partitions.filter((p) => p.isr.length < 3).length,
    offline: partitions.filter((p) => p.leader < 0).length,
    ledger: {
      asked: world.sent,
      acknowledged: world.acknowledged,
      failed: 0,
      lost: 0,
      duplicated: 0,
      counted: world.acknowledged - lagOf(world, 'clicks'),
      droppedLate: world.late,
    },
  };
}

function node(world: FakeWorld, id: string): Entity {
  const { status, since, incarnation, fenced } = world.nodes[id] ?? {
    status: 'up',
    since: 0,
    incarnation: 1,
  };
  const number = Number(/\d$/.exec(id)?.[0] ?? 0);
  const role = id.startsWith('b')
    ? 'broker'
    : id.startsWith('p')
      ? 'producer'
      : id.startsWith('v')
        ? 'application'
        : id.startsWith('d')
          ? 'consumer'
          : 'controller';
  const label =
    role === 'controller'
      ? 'Controller'
      : `${{ broker: 'B', producer: 'P', application: 'V', consumer: 'C' }[role]}${number}`;
  const partitions = Object.values(world.topics).flat();
  return {
    kind: 'node',
    id,
    role,
    label,
    status,
    stopping: false,
    since,
    incarnation,
    ...(role === 'broker' && {
      broker: {
        brokerId: number,
        brokerEpoch: 7,
        fenced: fenced ?? false,
        leads: partitions.filter((p) => p.leader === number).length,
        replicas: partitions.length,
        lastHeartbeatAt: status === 'up' ? world.at - (world.at % 2_000_000) : since,
        bytesStored: 92 * sum(partitions.map((p) => p.ends[number - 1] ?? 0)),
      },
    }),
    ...(role === 'application' && { memberOf: 'views' }),
    ...(role === 'consumer' && { memberOf: 'dash' }),
  };
}

function topicEntities(world: FakeWorld, name: string): Entity[] {
  const partitions = world.topics[name] ?? [];
  return [
    {
      kind: 'topic',
      id: `topic:${name}`,
      name,
      partitions: partitions.length,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      internal: name.endsWith('repartition'),
      recordsPerSecond: 250,
    },
    ...partitions.map((partition, index): Entity => ({
      kind: 'partition',
      id: `partition:${name}-${index}`,
      name: `${name}-${index}`,
      topic: name,
      partition: index,
      leader: partition.leader,
      leaderEpoch: partition.epoch,
      partitionEpoch: partition.epoch,
      replicas: partition.replicas,
      isr: partition.isr,
      states: partition.replicas.map((broker) => ({
        broker,
        online: world.nodes[`b${broker}`]?.status === 'up',
        role: broker === partition.leader ? 'leader' : 'follower',
        logStart: 0,
        highWatermark: Math.max(0, (partition.ends[broker - 1] ?? 0) - 1),
        logEnd: partition.ends[broker - 1] ?? 0,
        leaderEpoch: partition.epoch,
      })),
      recordsPerSecond: [54, 71, 31, 22, 47, 25][index] ?? 0,
    })),
  ];
}

function producer(world: FakeWorld): Entity {
  const buffered = sum(world.buffered);
  return {
    kind: 'producer',
    id: 'producer:p1',
    node: 'p1',
    topic: 'clicks',
    tapeTotal: 10_000,
    sent: world.sent,
    buffered,
    inFlight: world.sent - buffered - world.acknowledged,
    acknowledged: world.acknowledged,
    failed: 0,
    bufferBytes: buffered * 180,
    bufferBytesMax: 33_554_432,
    recordsPerSecond: 250,
    waitingByPartition: world.buffered,
  };
}

function application(world: FakeWorld): Entity {
  const streamTime = 1_431_857_103_000 + Math.floor(world.at / 66.7);
  const first = streamTime - (streamTime % 60_000);
  const rows = Array.from({ length: Math.min(8, 1 + Math.floor(world.at / 4e6)) }, (_, i): WindowRow => {
    const start = first - i * 60_000;
    const state = i === 0 ? 'open' : i < 2 ? 'grace' : 'closed';
    return {
      start,
      end: start + 60_000,
      state,
      keys: 40 + ((i * 7) % 13),
      count: i === 0 ? 311 : 900 + ((i * 97) % 200),
    };
  });
  return {
    kind: 'application',
    id: 'application:views',
    name: 'views',
    instances: ['views-1', 'views-2'],
    subtopologies: [
      { id: 0, sources: ['clicks'], sinks: ['views-repartition'], stores: [], label: 're-key' },
      {
        id: 1,
        sources: ['views-repartition'],
        sinks: ['views-per-minute'],
        stores: ['counts'],
        label: 'count per minute',
      },
    ],
    windows: {
      sizeMs: 60_000,
      advanceMs: 60_000,
      graceMs: 30_000,
      streamTime,
      rows,
      closed: world.windowsClosed,
      rowsHidden: Math.max(0, world.windowsClosed - 8),
    },
    droppedLate: world.late,
    processed: world.acknowledged,
    recordsPerSecond: 245,
  };
}

function task(world: FakeWorld, sub: number, partition: number): TaskEntity {
  const instance = `views-${(partition % 2) + 1}`;
  return {
    kind: 'task',
    id: `task:views/${sub}_${partition}`,
    application: 'views',
    task: `${sub}_${partition}`,
    subtopology: sub,
    partition,
    instance: world.nodes[instance]?.status === 'up' ? instance : '',
    state: world.nodes[instance]?.status === 'up' ? 'running' : 'unassigned',
    inputs: [`${sub === 0 ? 'clicks' : 'views-repartition'}-${partition}`],
    buffered: 0,
    processed: Math.floor(world.acknowledged / 6),
    streamTime: 1_431_857_103_000 + Math.floor(world.at / 66.7),
    droppedLate: partition === 2 ? world.late : 0,
    storeEntries: sub === 1 ? 434 + partition * 17 : 0,
    restoreRemaining: 0,
    recordsPerSecond: 41,
  };
}

function group(world: FakeWorld, name: string, topic: string, members: string[]): Entity {
  const partitions = (world.topics[topic] ?? []).map((partition, index): GroupPartition => {
    const lag = Math.max(0, endOf(partition) - partition.position);
    return {
      name: `${topic}-${index}`,
      owner: members[index < 3 ? 0 : 1] ?? '',
      position: partition.position,
      committed: partition.committed,
      end: endOf(partition),
      lag,
      lagMs: lag * 20,
      recordsPerSecond: 22,
    };
  });
  return {
    kind: 'group',
    id: `group:${name}`,
    name,
    state: 'Stable',
    generation: 3,
    protocol: 'range',
    coordinator: 1,
    members: members.map((id, index) => ({
      memberId: `${id}-4f1c`,
      node: id,
      assigned: partitions.slice(index * 3, index * 3 + 3).map((p) => p.name),
    })),
    partitions,
    recordsPerSecond: 132,
  };
}

export const sampleOf = (world: FakeWorld): Sample => ({
  at: world.at,
  waitingInProducers: sum(world.buffered),
  waiting: {
    'views/clicks': lagOf(world, 'clicks'),
    'views/views-repartition': lagOf(world, 'views-repartition'),
    'dash/views-per-minute': lagOf(world, 'views-per-minute'),
  },
  recordsPerSecond: 250,
  underReplicated: Object.values(world.topics)
    .flat()
    .filter((p) => p.isr.length < 3).length,
  streamTime: 1_431_857_103_000 + Math.floor(world.at / 66.7),
});
