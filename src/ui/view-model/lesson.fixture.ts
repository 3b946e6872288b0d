import type { RecordCell, RecordsDetail } from '../../engine/api/detail.ts';
import type { Entity, LinkEntity, Packet } from '../../engine/api/frame.ts';

/** One partition on three brokers: `calm`, `crash` (its leader just died) and `truncated` (it came back as a follower). */
export type LessonMoment = 'calm' | 'crash' | 'truncated';

export interface Lesson {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly records: RecordsDetail;
  readonly packets: readonly Packet[];
  readonly at: number;
}

const OLD = 'ABACA';
const LOGS: Readonly<Record<LessonMoment, readonly [string, string, string]>> = {
  calm: ['ABACABA', 'ABACABA', 'ABACABA'],
  crash: ['ABACABA', 'ABACA', 'ABACA'],
  truncated: ['ABACA', 'ABACAACB', 'ABACAAC'],
};
const AT: Readonly<Record<LessonMoment, number>> = {
  calm: 8_000_000,
  crash: 13_000_000,
  truncated: 24_310_000,
};

/** Cells of a log of one-letter keys; from offset 5 on in epoch 4 where another leader wrote. */
export const cellsOf = (keys: string, secondEpoch: boolean): RecordCell[] =>
  [...keys].map((key, offset) => ({
    offset,
    key,
    value: `/page-${offset}`,
    timestamp: 1_431_829_000_000 + offset * 1000,
    leaderEpoch: secondEpoch && offset >= OLD.length ? 4 : 3,
  }));

/** What the first leader had alone when it died. */
const CUT = [
  { offset: 5, key: 'B' },
  { offset: 6, key: 'A' },
];

interface Shape {
  readonly moment: LessonMoment;
  readonly logs: readonly string[];
  readonly hw: number;
  readonly leader: number;
  readonly down: number;
}

export function lesson(moment: LessonMoment): Lesson {
  const logs = LOGS[moment];
  const truncated = moment === 'truncated';
  const shape: Shape = {
    moment,
    logs,
    hw: moment === 'crash' ? 5 : 7,
    leader: truncated ? 2 : 1,
    down: moment === 'crash' ? 1 : -1,
  };
  const entities: Entity[] = [
    ...[1, 2, 3].map((b) => broker(shape, b)),
    machine('p1', 'producer'),
    { ...machine('c1', 'consumer'), memberOf: 'dash' },
    TOPIC,
    partition(shape),
    producer(shape),
    dash(shape.hw),
  ];
  return {
    entities: new Map(entities.map((e) => [e.id, e])),
    records: {
      what: 'records',
      id: 'partition:clicks-0',
      replicas: logs.map((log, i) => ({
        broker: i + 1,
        cells: cellsOf(log, truncated),
        cut: truncated && i === 0 ? CUT : [],
      })),
    },
    packets: truncated ? flights : [],
    at: AT[moment],
  };
}

const broker = ({ down, leader }: Shape, id: number): Entity => ({
  kind: 'node',
  id: `b${id}`,
  role: 'broker',
  label: `B${id}`,
  status: id === down ? 'down' : 'up',
  stopping: false,
  since: 0,
  incarnation: 1,
  broker: {
    brokerId: id,
    brokerEpoch: id,
    fenced: false,
    leads: id === leader ? 1 : 0,
    replicas: 1,
    lastHeartbeatAt: 0,
    bytesStored: 800,
  },
});

const TOPIC: Entity = {
  kind: 'topic',
  id: 'topic:clicks',
  name: 'clicks',
  partitions: 1,
  replicationFactor: 3,
  minInsyncReplicas: 1,
  internal: false,
  recordsPerSecond: 0.5,
};

const partition = ({ moment, logs, hw, leader, down }: Shape): Entity => ({
  kind: 'partition',
  id: 'partition:clicks-0',
  name: 'clicks-0',
  topic: 'clicks',
  partition: 0,
  leader,
  leaderEpoch: moment === 'truncated' ? 4 : 3,
  partitionEpoch: 3,
  replicas: [1, 2, 3],
  isr: moment === 'truncated' ? [2, 3] : [1, 2, 3],
  states: logs.map((log, i) => ({
    broker: i + 1,
    online: i + 1 !== down,
    role: i + 1 === leader ? 'leader' : 'follower',
    logStart: 0,
    highWatermark: Math.min(hw, log.length),
    logEnd: log.length,
    leaderEpoch: moment === 'truncated' ? 4 : 3,
  })),
  recordsPerSecond: 0.5,
});

const producer = ({ moment }: Shape): Entity => ({
  kind: 'producer',
  id: 'producer:p1',
  node: 'p1',
  topic: 'clicks',
  tapeTotal: 10,
  sent: 9,
  buffered: moment === 'crash' ? 1 : 0,
  inFlight: moment === 'truncated' ? 2 : 0,
  acknowledged: moment === 'truncated' ? 8 : 6,
  failed: 0,
  bufferBytes: 0,
  bufferBytesMax: 33_554_432,
  recordsPerSecond: 0.5,
  waitingByPartition: [1],
});

const machine = (id: string, role: 'producer' | 'consumer'): Extract<Entity, { kind: 'node' }> => ({
  kind: 'node',
  id,
  role,
  label: id.toUpperCase(),
  status: 'up',
  stopping: false,
  since: 0,
  incarnation: 1,
});

const dash = (hw: number): Entity => ({
  kind: 'group',
  id: 'group:dash',
  name: 'dash',
  state: 'Stable',
  generation: 1,
  protocol: 'range',
  coordinator: 2,
  members: [
    {
      memberId: 'c1-1',
      node: 'c1',
      epoch: 1,
      owned: ['clicks-0'],
      assigned: ['clicks-0'],
      giving: [],
      coming: [],
    },
  ],
  partitions: [
    {
      name: 'clicks-0',
      owner: 'c1',
      position: hw,
      committed: hw - 1,
      end: hw,
      lag: 0,
      lagMs: 290,
      recordsPerSecond: 0.5,
    },
  ],
  recordsPerSecond: 0.5,
});

const flights: readonly Packet[] = [
  {
    id: 1,
    from: 'p1',
    to: 'b2',
    sentAt: 24_306_000,
    arrivesAt: 24_314_000,
    api: 'Produce',
    response: false,
    sizeInBytes: 90,
    records: 1,
    partitions: ['clicks-0'],
  },
  {
    id: 2,
    from: 'b2',
    to: 'p1',
    sentAt: 24_308_000,
    arrivesAt: 24_312_000,
    api: 'Produce',
    response: true,
    sizeInBytes: 40,
    records: 0,
    partitions: ['clicks-0'],
  },
  {
    id: 3,
    from: 'b2',
    to: 'b3',
    sentAt: 24_308_000,
    arrivesAt: 24_312_000,
    api: 'Fetch',
    response: true,
    sizeInBytes: 90,
    records: 1,
    partitions: ['clicks-0'],
  },
];

/** A link that lets nothing through. */
export const cutLink = (a: string, b: string): LinkEntity => ({
  kind: 'link',
  id: `link:${a}~${b}`,
  a,
  b,
  cut: true,
  extraMicros: 0,
  held: 3,
});

/** The lesson's partition after a long run: five replicas, large offsets, many keys, three groups, one far behind. */
export function longRun(): Lesson {
  const { entities, ...rest } = lesson('calm');
  const end = 1_234_567;
  const behind = [0, 3, 0, 12, 40];
  const cellsTo = (last: number): RecordCell[] =>
    Array.from({ length: 50 }, (_, i) => last - 50 + i).map((offset) => ({
      offset,
      key: `user-${(offset * 7) % 12}`,
      value: '{"path":"/products/12"}',
      timestamp: 1_431_829_000_000 + offset,
      leaderEpoch: offset < end - 6 ? 17 : 18,
    }));
  const changed = new Map(entities);
  for (const b of [4, 5])
    changed.set(`b${b}`, broker({ moment: 'calm', logs: [], hw: 0, leader: 1, down: 5 }, b));
  const before = entities.get('partition:clicks-0');
  if (before?.kind === 'partition') {
    const states = behind.map((n, i) => ({
      broker: i + 1,
      online: i !== 4,
      role: i === 0 ? ('leader' as const) : ('follower' as const),
      logStart: 1_000_000,
      highWatermark: end - 3,
      logEnd: end - n,
      leaderEpoch: 18,
    }));
    changed.set(before.id, { ...before, leaderEpoch: 18, replicas: [1, 2, 3, 4, 5], isr: [1, 2, 3], states });
  }
  for (const [name, lag] of [
    ['dash', 1],
    ['the-nightly-reconciliation', 812_345],
    ['audit', 9],
  ] as const) {
    const group = dash(end - 3);
    if (group.kind !== 'group') continue;
    const partitions = group.partitions.map((p) => ({
      ...p,
      committed: end - 3 - lag,
      position: end - 3 - Math.floor(lag / 2),
      lag,
      lagMs: lag * 20,
    }));
    changed.set(`group:${name}`, { ...group, id: `group:${name}`, name, partitions });
  }
  return {
    ...rest,
    entities: changed,
    records: {
      ...rest.records,
      replicas: behind.map((n, i) => ({ broker: i + 1, cells: cellsTo(end - n), cut: [] })),
    },
  };
}
