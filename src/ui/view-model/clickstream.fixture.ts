import type { Entity } from '../../engine/api/frame.ts';
import type { GroupPartition } from '../../engine/api/entities/group.ts';
import type { NodeEntity, NodeRole } from '../../engine/api/entities/node.ts';
import type { PartitionEntity, ReplicaState, TopicEntity } from '../../engine/api/entities/partition.ts';
import type { TaskEntity } from '../../engine/api/entities/application.ts';
import { topicPartition } from '../../engine/api/ids.ts';

/** A clickstream as the stage is given it: clicks, re-keyed and counted by an application, read by a group. */
export interface ClickstreamShape {
  readonly brokers: number;
  readonly partitions: number;
  readonly instances: number;
  readonly members: number;
  readonly producers: number;
  /** A broker that crashed; its partitions are led by others and catch up. −1 for none. */
  readonly down: number;
  /** A broker that stands still. −1 for none. */
  readonly paused: number;
  readonly fenced: number;
  /** Multiplies every count, to see the largest numbers. */
  readonly scale: number;
  /** Name of the topic. */
  readonly topic: string;
}

export const CALM: ClickstreamShape = {
  brokers: 3,
  partitions: 6,
  instances: 2,
  members: 2,
  producers: 1,
  down: -1,
  paused: -1,
  fenced: -1,
  scale: 1,
  topic: 'clicks',
};

const IN = [54, 71, 31, 22, 47, 25];
const WAIT = [0, 216, 0, 0, 173, 0];
const DONE = [15, 49, 8, 6, 65, 7];
const OLD = [0, 5600, 0, 0, 3400, 0];
const TASK_IN = [54, 108, 31, 25, 138, 29];
const REPARTITION = [44, 62, 55, 48, 68, 108];
const TASK_OUT = [47, 66, 55, 48, 60, 108];
const OUT = [35, 48, 43, 33, 36, 46];
const OUT_WAIT = [16, 29, 24, 157, 80, 256];
const OUT_DONE = [49, 70, 49, 44, 44, 44];
const OUT_OLD = [400, 400, 400, 6400, 2400, 8400];
const READ = [21, 34, 22, 19, 18, 18];
const APPLICATION = 'views';
const REPARTITIONED = 'views-counts-repartition';
const RESULTS = 'views-per-minute';

const at = (list: readonly number[], i: number): number => list[i % list.length] ?? 0;

/** All entities of the scene, by id. */
export function clickstream(changes: Partial<ClickstreamShape> = {}): Map<string, Entity> {
  const shape = { ...CALM, ...changes };
  const list: Entity[] = [
    ...machines(shape),
    ...[shape.topic, REPARTITIONED, RESULTS].flatMap((name, i) => topicWithPartitions(shape, name, i)),
    changelog(shape),
    ...producers(shape),
    application(shape),
    ...tasks(shape, 0),
    ...tasks(shape, 1),
    applicationGroup(shape),
    dashGroup(shape),
  ];
  return new Map(list.map((e) => [e.id, e]));
}

const node = (id: string, role: NodeRole, more: Partial<NodeEntity> = {}): NodeEntity => ({
  kind: 'node',
  id,
  role,
  label:
    role === 'controller' ? 'controller' : `${id.slice(0, 1).toUpperCase()}${/\d+$/.exec(id)?.[0] ?? ''}`,
  status: 'up',
  stopping: false,
  since: 0,
  incarnation: 1,
  ...more,
});

function machines(s: ClickstreamShape): NodeEntity[] {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  const brokers = upTo(s.brokers).map((b) =>
    node(`b${b}`, 'broker', {
      status: b === s.down ? 'down' : b === s.paused ? 'paused' : 'up',
      broker: {
        brokerId: b,
        brokerEpoch: 10 + b,
        fenced: b === s.down || b === s.fenced,
        leads: 2,
        replicas: s.partitions,
        lastHeartbeatAt: 11_612_000,
        bytesStored: 1_000_000,
      },
    }),
  );
  return [
    node('controller', 'controller'),
    ...brokers,
    ...upTo(s.producers).map((p) => node(`p${p}`, 'producer')),
    ...upTo(s.instances).map((v) => node(`views-${v}`, 'application', { memberOf: APPLICATION })),
    ...upTo(s.members).map((c) => node(`c${c}`, 'consumer', { memberOf: 'dash' })),
  ];
}

function topicWithPartitions(s: ClickstreamShape, name: string, which: number): Entity[] {
  const rates = [IN, REPARTITION, OUT][which] ?? IN;
  const partitions = Array.from({ length: s.partitions }, (_, i) =>
    partition(s, { name, i, rate: at(rates, i) * s.scale }),
  );
  const topic: TopicEntity = {
    kind: 'topic',
    id: `topic:${name}`,
    name,
    partitions: s.partitions,
    replicationFactor: Math.min(3, s.brokers),
    minInsyncReplicas: 2,
    internal: name === REPARTITIONED,
    recordsPerSecond: partitions.reduce((n, p) => n + p.recordsPerSecond, 0),
  };
  return [topic, ...partitions];
}

function partition(s: ClickstreamShape, of: { name: string; i: number; rate: number }): PartitionEntity {
  const { name, i, rate } = of;
  const first = (s.brokers === 3 && s.partitions === 6 ? at([0, 1, 2, 0, 1, 2], i) : i % s.brokers) + 1;
  const spread = 1 + (Math.floor(i / s.brokers) % Math.max(1, s.brokers - 2));
  const copies = Math.min(3, s.brokers);
  const replicas = Array.from(
    { length: copies },
    (_, k) => ((first - 1 + (k === 0 ? 0 : spread + k - 1)) % s.brokers) + 1,
  );
  const unique = [...new Set(replicas)];
  const isr = unique.filter((b) => b !== s.down);
  const leader = isr[0] ?? -1;
  const end = (1000 + 37 * i) * s.scale;
  return {
    kind: 'partition',
    id: `partition:${topicPartition(name, i)}`,
    name: topicPartition(name, i),
    topic: name,
    partition: i,
    leader,
    leaderEpoch: leader === unique[0] ? 3 : 4,
    partitionEpoch: 5,
    replicas: unique,
    isr,
    states: unique.map((b) => replicaState(s, { broker: b, leader, end })),
    recordsPerSecond: rate,
  };
}

const replicaState = (
  s: ClickstreamShape,
  of: { broker: number; leader: number; end: number },
): ReplicaState => ({
  broker: of.broker,
  online: of.broker !== s.down,
  role: of.broker === of.leader ? 'leader' : of.broker === s.down ? 'none' : 'follower',
  logStart: 0,
  highWatermark: of.end,
  logEnd: of.broker === s.down ? of.end - 60 : of.end,
  leaderEpoch: 4,
});

const changelog = (s: ClickstreamShape): TopicEntity => ({
  kind: 'topic',
  id: 'topic:views-counts-changelog',
  name: 'views-counts-changelog',
  partitions: s.partitions,
  replicationFactor: 3,
  minInsyncReplicas: 1,
  internal: true,
  recordsPerSecond: 384,
});

const producers = (s: ClickstreamShape): Entity[] =>
  Array.from({ length: s.producers }, (_, i) => ({
    kind: 'producer',
    id: `producer:p${i + 1}`,
    node: `p${i + 1}`,
    topic: s.topic,
    tapeTotal: 10_000 * s.scale,
    sent: 5_600 * s.scale,
    buffered: 0,
    inFlight: 5,
    acknowledged: 5_595 * s.scale,
    failed: 0,
    bufferBytes: 0,
    bufferBytesMax: 33_554_432,
    recordsPerSecond: (250 * s.scale * (s.partitions / 6)) / s.producers,
    waitingByPartition: Array.from({ length: s.partitions }, () => 0),
  }));

const application = (s: ClickstreamShape): Entity => ({
  kind: 'application',
  id: `application:${APPLICATION}`,
  name: APPLICATION,
  instances: Array.from({ length: s.instances }, (_, i) => `views-${i + 1}`),
  subtopologies: [
    { id: 0, sources: [s.topic], sinks: [REPARTITIONED], stores: [], label: 're-key by path' },
    { id: 1, sources: [REPARTITIONED], sinks: [RESULTS], stores: ['counts'], label: 'count per minute' },
  ],
  windows: null,
  globalTables: [],
  droppedLate: 0,
  processed: 5_175 * s.scale,
  passingOn: 7,
  recordsPerSecond: 385 * s.scale,
});

const tasks = (s: ClickstreamShape, subtopology: number): TaskEntity[] =>
  Array.from({ length: s.partitions }, (_, i) => ({
    kind: 'task',
    copies: [],
    id: `task:${APPLICATION}/${subtopology}_${i}`,
    application: APPLICATION,
    task: `${subtopology}_${i}`,
    subtopology,
    partition: i,
    instance: `views-${(i % s.instances) + 1}`,
    state: 'running',
    inputs: [topicPartition(subtopology === 0 ? s.topic : REPARTITIONED, i)],
    buffered: (subtopology + 1) * 3,
    processed: 800,
    streamTime: 1_431_829_000_000,
    droppedLate: 0,
    storeEntries: subtopology === 0 ? 0 : at([434, 519, 429, 539, 437, 589], i) * s.scale,
    restoreRemaining: 0,
    recordsPerSecond: at(subtopology === 0 ? TASK_IN : TASK_OUT, i) * s.scale,
  }));

interface Read {
  readonly topic: string;
  readonly owner: (i: number) => string;
  readonly wait: (i: number) => number;
  readonly done: (i: number) => number;
  readonly old: (i: number) => number;
  readonly rate: (i: number) => number;
}

const reads = (s: ClickstreamShape, of: Read): GroupPartition[] =>
  Array.from({ length: s.partitions }, (_, i) => {
    const end = (1000 + 37 * i) * s.scale;
    const position = end - of.wait(i);
    return {
      name: topicPartition(of.topic, i),
      owner: of.owner(i),
      position,
      committed: position - of.done(i),
      end,
      lag: of.wait(i),
      lagMs: of.wait(i) > 0 ? of.old(i) : 0,
      recordsPerSecond: of.rate(i),
    };
  });

/** Rows that were led by the broker that is down have a backlog; in large scenes also a hot one. */
function backlog(s: ClickstreamShape, i: number): number {
  const hurt = s.down > 0 && i % s.brokers === s.down - 1;
  if (s.partitions === 6) return hurt ? at(WAIT, i) * s.scale : 0;
  if (s.partitions > 40 && i === 37) return 1841;
  return hurt ? 620 + ((i * 37) % 240) : 0;
}

function applicationGroup(s: ClickstreamShape): Entity {
  const owner = (i: number): string => `views-${(i % s.instances) + 1}`;
  const partitions = [
    ...reads(s, {
      topic: s.topic,
      owner,
      wait: (i) => backlog(s, i),
      done: (i) => (s.partitions > 40 ? 2 + ((i * 7) % 16) : at(DONE, i) * s.scale),
      old: (i) => at(OLD, i) || 4300,
      rate: (i) => at(TASK_IN, i) * s.scale,
    }),
    ...reads(s, {
      topic: REPARTITIONED,
      owner,
      wait: (i) => at([0, 2, 0, 0, 0, 34], i) * s.scale,
      done: () => 0,
      old: () => 100,
      rate: (i) => at(TASK_OUT, i) * s.scale,
    }),
  ];
  return group(s, APPLICATION, { partitions, prefix: 'views-', members: s.instances });
}

function dashGroup(s: ClickstreamShape): Entity {
  const partitions = reads(s, {
    topic: RESULTS,
    owner: (i) => `c${Math.floor((i * s.members) / s.partitions) + 1}`,
    wait: (i) => (s.partitions > 40 ? (i === 73 ? 690 : 0) : at(OUT_WAIT, i) * s.scale),
    done: (i) => (s.partitions > 40 ? 4 + ((i * 5) % 14) : at(OUT_DONE, i) * s.scale),
    old: (i) => at(OUT_OLD, i),
    rate: (i) => at(READ, i) * s.scale,
  });
  return group(s, 'dash', { partitions, prefix: 'c', members: s.members });
}

function group(
  s: ClickstreamShape,
  name: string,
  of: { partitions: readonly GroupPartition[]; prefix: string; members: number },
): Entity {
  return {
    kind: 'group',
    id: `group:${name}`,
    name,
    state: 'Stable',
    generation: 3,
    protocol: 'range',
    coordinator: s.brokers,
    members: Array.from({ length: of.members }, (_, i) => {
      const node = `${of.prefix}${i + 1}`;
      return {
        memberId: `${node}-1`,
        node,
        epoch: 3,
        owned: of.partitions.filter((p) => p.owner === node).map((p) => p.name),
        assigned: of.partitions.filter((p) => p.owner === node).map((p) => p.name),
        giving: [],
        coming: [],
      };
    }),
    partitions: of.partitions,
    recordsPerSecond: of.partitions.reduce((n, p) => n + p.recordsPerSecond, 0),
  };
}
