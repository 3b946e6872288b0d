import type { Entity } from '../../engine/api/frame.ts';
import type { GroupPartition } from '../../engine/api/entities/group.ts';
import type { NodeEntity, NodeRole } from '../../engine/api/entities/node.ts';

/** Any small system: topics, who writes to them, who reads them. */
export interface SystemShape {
  readonly brokers: number;
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** Topic of each producer. */
  readonly producers: readonly string[];
  readonly groups: readonly { readonly name: string; readonly topic: string; readonly members: number }[];
  readonly applications: readonly {
    readonly name: string;
    readonly sources: readonly string[];
    readonly sinks: readonly string[];
    readonly stores: readonly string[];
  }[];
}

/** Entities of the system, by id; every partition holds 100 records, of which 90 are read and 80 committed. */
export function system(shape: SystemShape): Map<string, Entity> {
  const topics = Object.entries(shape.topics);
  const list: Entity[] = [
    ...upTo(shape.brokers).map((b) => ({ ...machine(`b${b}`, 'broker'), broker: brokerFacts(b) })),
    machine('controller', 'controller'),
    ...topics.flatMap(([name, n]) => topic(name, n, shape.brokers)),
    ...shape.producers.flatMap((t, i) => producer(t, i + 1)),
    ...shape.groups.flatMap((g) => readers(g.name, g.members, 'consumer')),
    ...shape.groups.map((g) => group(g.name, [[g.topic, shape.topics[g.topic] ?? 0]], g.members)),
    ...shape.applications.flatMap((a) => readers(a.name, 2, 'application')),
    ...shape.applications.flatMap((a) => application(a, shape.topics)),
  ];
  return new Map(list.map((e) => [e.id, e]));
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

const machine = (id: string, role: NodeRole): NodeEntity => ({
  kind: 'node',
  id,
  role,
  label: `${id.slice(0, 1).toUpperCase()}${/\d+$/.exec(id)?.[0] ?? ''}`,
  status: 'up',
  stopping: false,
  since: 0,
  incarnation: 1,
});

const brokerFacts = (id: number): NonNullable<NodeEntity['broker']> => ({
  brokerId: id,
  brokerEpoch: id,
  fenced: false,
  leads: 1,
  replicas: 3,
  lastHeartbeatAt: 0,
  bytesStored: 0,
});

function topic(name: string, partitions: number, brokers: number): Entity[] {
  const internal = name.endsWith('-repartition');
  const replicas = upTo(Math.min(3, brokers));
  return [
    {
      kind: 'topic',
      id: `topic:${name}`,
      name,
      partitions,
      replicationFactor: replicas.length,
      minInsyncReplicas: 1,
      internal,
      recordsPerSecond: 10 * partitions,
    },
    ...upTo(partitions).map((n): Entity => {
      const order = replicas.map((_, k) => ((n - 1 + k) % replicas.length) + 1);
      return {
        kind: 'partition',
        id: `partition:${name}-${n - 1}`,
        name: `${name}-${n - 1}`,
        topic: name,
        partition: n - 1,
        leader: order[0] ?? -1,
        leaderEpoch: 0,
        partitionEpoch: 0,
        replicas: order,
        isr: order,
        states: order.map((broker, k) => ({
          broker,
          online: true,
          role: k === 0 ? 'leader' : 'follower',
          logStart: 0,
          highWatermark: 100,
          logEnd: 100,
          leaderEpoch: 0,
        })),
        recordsPerSecond: 10,
      };
    }),
  ];
}

const producer = (to: string, i: number): Entity[] => [
  machine(`p${i}`, 'producer'),
  {
    kind: 'producer',
    id: `producer:p${i}`,
    node: `p${i}`,
    topic: to,
    tapeTotal: 1000,
    sent: 300,
    buffered: 1,
    inFlight: 2,
    acknowledged: 297,
    failed: 0,
    bufferBytes: 1024,
    bufferBytesMax: 33_554_432,
    recordsPerSecond: 30,
    waitingByPartition: [],
  },
];

const readers = (of: string, n: number, role: NodeRole): Entity[] =>
  upTo(n).map((i) => ({ ...machine(`${of}-${i}`, role), memberOf: of }));

function group(name: string, topics: readonly (readonly [string, number])[], members: number): Entity {
  const partitions = topics.flatMap(([t, n]) =>
    upTo(n).map((i): GroupPartition => ({
      name: `${t}-${i - 1}`,
      owner: `${name}-${((i - 1) % members) + 1}`,
      position: 90,
      committed: 80,
      end: 100,
      lag: 10,
      lagMs: 500,
      recordsPerSecond: 9,
    })),
  );
  return {
    kind: 'group',
    id: `group:${name}`,
    name,
    state: 'Stable',
    generation: 1,
    protocol: 'range',
    coordinator: 1,
    members: upTo(members).map((i) => ({
      memberId: `${name}-${i}`,
      node: `${name}-${i}`,
      epoch: 1,
      owned: partitions.filter((p) => p.owner === `${name}-${i}`).map((p) => p.name),
      assigned: partitions.filter((p) => p.owner === `${name}-${i}`).map((p) => p.name),
      giving: [],
      coming: [],
    })),
    partitions,
    recordsPerSecond: 9 * partitions.length,
  };
}

function application(a: SystemShape['applications'][number], topics: SystemShape['topics']): Entity[] {
  const rows = Math.max(1, ...a.sources.map((s) => topics[s] ?? 0));
  const inputs = a.sources.map((s) => [s, topics[s] ?? 0] as const);
  return [
    {
      kind: 'application',
      id: `application:${a.name}`,
      name: a.name,
      instances: [`${a.name}-1`, `${a.name}-2`],
      subtopologies: [{ id: 0, sources: a.sources, sinks: a.sinks, stores: a.stores, label: 'join' }],
      windows: null,
      globalTables: [],
      droppedLate: 0,
      processed: 10,
      passingOn: 7,
      recordsPerSecond: 20,
    },
    ...upTo(rows).map((n): Entity => ({
      kind: 'task',
      copies: [],
      id: `task:${a.name}/0_${n - 1}`,
      application: a.name,
      task: `0_${n - 1}`,
      subtopology: 0,
      partition: n - 1,
      instance: n % 3 === 0 ? '' : `${a.name}-${((n - 1) % 2) + 1}`,
      state: n % 3 === 0 ? 'unassigned' : n === 2 ? 'restoring' : 'running',
      inputs: inputs.filter(([, count]) => n <= count).map(([s]) => `${s}-${n - 1}`),
      buffered: 0,
      processed: 5,
      streamTime: 0,
      droppedLate: 0,
      storeEntries: 12,
      restoreRemaining: n === 2 ? 1240 : 0,
      recordsPerSecond: 9,
    })),
    group(a.name, inputs, 2),
  ];
}
