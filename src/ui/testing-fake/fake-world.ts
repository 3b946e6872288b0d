import type { Command, CommandAct } from '../../engine/api/command.ts';
import type { TraceEvent, TraceEventData } from '../../engine/api/trace-event.ts';
import type { SimTime } from '../../engine/base/time.ts';

/** A rough likeness of a cluster, to see the page move without the engine. It teaches nothing about Kafka. */
export interface FakeWorld {
  at: SimTime;
  steps: number;
  nodes: Record<string, FakeNode>;
  topics: Record<string, FakePartition[]>;
  links: Record<string, { a: string; b: string; cut: boolean; extraMicros: number }>;
  config: Record<string, string>;
  sent: number;
  buffered: number[];
  acknowledged: number;
  late: number;
  windowsClosed: number;
  events: TraceEvent[];
  nextEvent: number;
  applied: number;
}

export interface FakeNode {
  status: 'up' | 'paused' | 'down';
  since: SimTime;
  incarnation: number;
  fenced: boolean;
}

export interface FakePartition {
  leader: number;
  epoch: number;
  replicas: number[];
  isr: number[];
  ends: number[];
  committed: number;
  position: number;
}

export const STEP: SimTime = 20_000;
export const BROKERS = [1, 2, 3];
export const CLIENTS = ['p1', 'views-1', 'views-2', 'dash-1', 'dash-2'];
const WEIGHTS = [54, 71, 31, 22, 47, 25];
const SESSION: SimTime = 9_000_000;

export function newWorld(): FakeWorld {
  const nodes: FakeWorld['nodes'] = {};
  for (const id of ['controller', ...BROKERS.map((b) => `b${b}`), ...CLIENTS])
    nodes[id] = { status: 'up', since: 0, incarnation: 1, fenced: false };
  const world: FakeWorld = {
    at: 0,
    steps: 0,
    nodes,
    topics: { clicks: topic(), 'views-repartition': topic(), 'views-per-minute': topic() },
    links: {},
    config: {},
    sent: 0,
    buffered: [0, 0, 0, 0, 0, 0],
    acknowledged: 0,
    late: 0,
    windowsClosed: 0,
    events: [],
    nextEvent: 1,
    applied: 0,
  };
  for (const broker of BROKERS) tell(world, 'controller', { type: 'broker-unfenced', broker });
  return world;
}

const topic = (): FakePartition[] =>
  [1, 2, 3, 1, 2, 3].map((leader) => ({
    leader,
    epoch: 0,
    replicas: [leader, (leader % 3) + 1, ((leader + 1) % 3) + 1],
    isr: [...BROKERS],
    ends: [0, 0, 0],
    committed: 0,
    position: 0,
  }));

function tell(world: FakeWorld, node: string, data: TraceEventData): void {
  world.events.push({ id: world.nextEvent++, at: world.at, node, cause: 0, data });
}

const alive = (world: FakeWorld, broker: number): boolean =>
  broker > 0 && world.nodes[`b${broker}`]?.status === 'up' && !world.nodes[`b${broker}`]?.fenced;

export function step(world: FakeWorld, commands: readonly Command[]): void {
  world.at += STEP;
  world.steps += 1;
  for (const command of commands)
    if (!command.disabled && command.at > world.at - STEP && command.at <= world.at)
      apply(world, command.act);
  for (const broker of BROKERS) fence(world, broker);
  produce(world);
  relay(world, 'clicks', 'views-repartition', 4);
  relay(world, 'views-repartition', 'views-per-minute', 4);
  read(world, 'views-per-minute', 2);
  closeWindows(world);
}

export function apply(world: FakeWorld, act: CommandAct): void {
  tell(world, 'node' in act ? act.node : 'a' in act ? act.a : 'controller', { type: 'command', act });
  if ('a' in act) {
    link(world, act);
    return;
  }
  if (act.type === 'set-config') {
    world.config[act.key] = act.value ?? '';
    return;
  }
  const node = world.nodes[act.node];
  if (node === undefined) return;
  const status =
    act.type === 'pause' ? 'paused' : act.type === 'start' || act.type === 'resume' ? 'up' : 'down';
  node.status = status;
  node.since = world.at;
  if (act.type === 'start') {
    node.incarnation += 1;
    node.fenced = false;
    const broker = Number(/^b(\d)$/.exec(act.node)?.[1] ?? 0);
    if (broker > 0) tell(world, 'controller', { type: 'broker-unfenced', broker });
  }
}

function link(world: FakeWorld, act: CommandAct & { a: string; b: string }): void {
  const [a, b] = [act.a, act.b].sort() as [string, string];
  const known = world.links[`${a}~${b}`] ?? { a, b, cut: false, extraMicros: 0 };
  if (act.type === 'slow-link') known.extraMicros = act.extraMicros;
  else known.cut = act.type === 'cut-link';
  world.links[`${a}~${b}`] = known;
  if (!known.cut && known.extraMicros === 0) delete world.links[`${a}~${b}`];
}

function fence(world: FakeWorld, broker: number): void {
  const node = world.nodes[`b${broker}`];
  if (node === undefined || node.status === 'up' || node.fenced || world.at - node.since < SESSION) return;
  node.fenced = true;
  tell(world, 'controller', { type: 'broker-fenced', broker, reason: 'session expired' });
  for (const [name, partitions] of Object.entries(world.topics))
    partitions.forEach((partition, index) => moveLeader(world, `${name}-${index}`, partition, broker));
}

function moveLeader(world: FakeWorld, name: string, partition: FakePartition, broker: number): void {
  const before = partition.isr;
  partition.isr = before.filter((b) => b !== broker);
  tell(world, 'controller', { type: 'isr-changed', partition: name, before, after: partition.isr });
  if (partition.leader !== broker) return;
  partition.leader = partition.isr.find((b) => alive(world, b)) ?? -1;
  partition.epoch += 1;
  tell(world, 'controller', {
    type: 'leader-elected',
    partition: name,
    from: broker,
    to: partition.leader,
    leaderEpoch: partition.epoch,
    unclean: false,
  });
}

const append = (partition: FakePartition, count: number, world: FakeWorld): void => {
  partition.ends = partition.ends.map((end, i) => (alive(world, i + 1) ? end + count : end));
};

const share = (world: FakeWorld, index: number, perSecond: number): number => {
  const before = Math.floor(((world.steps - 1) * perSecond * STEP) / 1e6 + index * 0.37);
  return Math.floor((world.steps * perSecond * STEP) / 1e6 + index * 0.37) - before;
};

function produce(world: FakeWorld): void {
  if (world.nodes.p1?.status !== 'up') return;
  WEIGHTS.forEach((weight, index) => {
    const count = share(world, index, weight);
    world.sent += count;
    const partition = world.topics.clicks?.[index];
    if (partition === undefined) return;
    if (!alive(world, partition.leader)) {
      world.buffered[index] = (world.buffered[index] ?? 0) + count;
      return;
    }
    const all = count + (world.buffered[index] ?? 0);
    world.buffered[index] = 0;
    append(partition, all, world);
    world.acknowledged += all;
  });
}

const endOf = (partition: FakePartition): number => partition.ends[partition.leader - 1] ?? 0;

function read(world: FakeWorld, from: string, most: number): number[] {
  return (world.topics[from] ?? []).map((partition, index) => {
    if (!alive(world, partition.leader)) return 0;
    const count = Math.min(endOf(partition) - partition.position, share(world, index, most * 24));
    partition.position += count;
    if (world.steps % 50 === 0) partition.committed = partition.position;
    return count;
  });
}

function relay(world: FakeWorld, from: string, to: string, most: number): void {
  const up = ['views-1', 'views-2'].some((node) => world.nodes[node]?.status === 'up');
  if (!up) return;
  read(world, from, most).forEach((count, index) => {
    const target = world.topics[to]?.[(index * 5 + 2) % 6];
    if (target !== undefined && alive(world, target.leader)) append(target, count, world);
  });
}

function closeWindows(world: FakeWorld): void {
  const due = Math.floor(world.at / 4_000_000);
  if (due <= world.windowsClosed || world.nodes['views-1']?.status !== 'up') return;
  world.windowsClosed = due;
  const start = 1_431_857_100_000 + due * 60_000;
  tell(world, 'views-1', { type: 'window-closed', task: '1_0', start, end: start + 60_000, keys: 12 });
  if (due % 3 !== 0) return;
  world.late += 1;
  const timestamp = start - 4_000;
  tell(world, 'views-1', {
    type: 'late-record-dropped',
    task: '1_2',
    timestamp,
    streamTime: start,
    dropped: world.late,
  });
}
