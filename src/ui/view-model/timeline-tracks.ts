import type { Command, CommandAct } from '../../engine/api/command.ts';
import type { Entity, EntityId, Sample } from '../../engine/api/frame.ts';
import { brokerNode, type NodeId, type TopicPartitionName } from '../../engine/api/ids.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { SimTime } from '../../engine/base/time.ts';
import { brokerName, type Names } from './caption.ts';
import { count } from './number-format.ts';

/** Something that lasts, on a track. */
export interface Span {
  readonly from: SimTime;
  /** Equal to the end of the known run if it still lasts. */
  readonly to: SimTime;
  readonly words: string;
  /** `hatch`: nobody answers. `bold`: the leader of now. */
  readonly look: 'plain' | 'sunken' | 'hatch' | 'bold' | 'dotted';
}

/** A number over time. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly at: SimTime; readonly value: number }[];
  readonly max: number;
  /** Its place is an application's own business and gives way when there is little room. */
  readonly internal: boolean;
}

/** Faults that began and ended, from the commands that made them, up to `end`. Brokers may be fenced for longer. */
export function faultSpans(
  commands: readonly Command[],
  events: readonly TraceEvent[],
  end: SimTime,
  names: Names,
): readonly Span[] {
  const open = new Map<
    string,
    { readonly from: SimTime; readonly words: string; readonly look: Span['look'] }
  >();
  const spans: Span[] = [];
  const close = (key: string, to: SimTime) => {
    const began = open.get(key);
    if (began !== undefined && to > began.from) spans.push({ ...began, to });
    open.delete(key);
  };
  const done = commands
    .filter((command) => command.disabled !== true && command.at <= end)
    .sort((a, b) => a.at - b.at || a.id - b.id)
    .map(({ at, act }) => ({ at, fault: faultOf(act, names) }));
  const halts = haltsOf(events).map(({ at, node }) => ({ at, fault: downOf(node, names) }));
  for (const { at, fault } of [...done, ...halts].sort((a, b) => a.at - b.at)) {
    if (fault === null || at > end) continue;
    close(fault.key, at);
    if (fault.words !== null) open.set(fault.key, { from: at, words: fault.words, look: fault.look });
  }
  for (const key of [...open.keys()]) close(key, end);
  return [...spans, ...fencedAfterStart(events, commands, end)].sort((a, b) => a.from - b.from);
}

/** Spans in rows without overlap, no more than `most`; what is left over shares the last. */
export function spanRows(spans: readonly Span[], most: number): readonly (readonly Span[])[] {
  const rows: Span[][] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const free = rows.find((row) => row.every(({ to }) => to <= span.from));
    if (free !== undefined) free.push(span);
    else if (rows.length < most) rows.push([span]);
    else rows.at(-1)?.push(span);
  }
  return rows;
}

interface Fault {
  readonly key: string;
  /** Null: it is over. */
  readonly words: string | null;
  readonly look: Span['look'];
}

/** Brokers that ended by themselves: without the disk of its metadata none goes on. */
const haltsOf = (events: readonly TraceEvent[]): readonly TraceEvent[] =>
  events.filter(({ data }) => data.type === 'crashed-at' || (data.type === 'log-dir-failed' && data.halts));

const downOf = (node: NodeId, names: Names): Fault => ({
  key: node,
  words: `${names.node(node)} DOWN`,
  look: 'sunken',
});

function faultOf(act: CommandAct, names: Names): Fault | null {
  const of = (key: string, words: string | null, look: Span['look'] = 'sunken'): Fault => ({
    key,
    words,
    look,
  });
  switch (act.type) {
    case 'crash':
    case 'power-off':
    case 'wipe-disk':
    case 'shut-down':
      return downOf(act.node, names);
    case 'pause':
      return of(act.node, `${names.node(act.node)} PAUSED`);
    case 'start':
    case 'resume':
      return of(act.node, null);
    case 'fail-log-dir':
    case 'repair-log-dir': {
      const words = `${names.node(act.node)} DISK ${act.directory + 1} FAILED`;
      return of(`${act.node} disk ${act.directory}`, act.type === 'fail-log-dir' ? words : null, 'plain');
    }
    case 'cut-link':
      return of(pair(act), `${names.node(act.a)}–${names.node(act.b)} CUT`, 'plain');
    case 'heal-link':
      return of(pair(act), null);
    case 'slow-link':
      return act.extraMicros === 0
        ? of(`${pair(act)} slow`, null)
        : of(
            `${pair(act)} slow`,
            `${names.node(act.a)}–${names.node(act.b)} +${count(act.extraMicros / 1000)} ms`,
            'dotted',
          );
    default:
      return null;
  }
}

const pair = ({ a, b }: { readonly a: NodeId; readonly b: NodeId }): string =>
  a < b ? `${a}~${b}` : `${b}~${a}`;

/** A broker that was started again serves nothing until the controller lets it. */
function fencedAfterStart(
  events: readonly TraceEvent[],
  commands: readonly Command[],
  end: SimTime,
): readonly Span[] {
  return commands.flatMap(({ at, act, disabled }) => {
    if (act.type !== 'start' || disabled === true || at > end) return [];
    const back = events.find(
      ({ at: when, data }) =>
        when >= at && data.type === 'broker-unfenced' && brokerNode(data.broker) === act.node,
    );
    if (!/^b\d+$/.test(act.node)) return [];
    const halt = haltsOf(events).find((event) => event.at >= at && event.node === act.node);
    const to = Math.min(back?.at ?? end, halt?.at ?? end, end);
    return to > at ? [{ from: at, to, words: 'fenced', look: 'dotted' as const }] : [];
  });
}

/** Who led a partition when. Between the death of a leader and the election nobody answers. */
export function leaderSpans(
  partition: TopicPartitionName,
  events: readonly TraceEvent[],
  now: { readonly leader: number; readonly leaderEpoch: number; readonly end: SimTime },
  faults: readonly Span[],
): readonly Span[] {
  const reigns = reignsOf(partition, events, now);
  const spans: Span[] = [];
  for (const [index, reign] of reigns.entries()) {
    const to = reigns[index + 1]?.from ?? now.end;
    if (to <= reign.from) continue;
    const words = `${brokerName(reign.leader)}  epoch ${reign.epoch}`;
    const look = index === reigns.length - 1 && index > 0 ? 'bold' : 'plain';
    if (reign.leader < 0) spans.push({ from: reign.from, to, words: 'no leader', look: 'hatch' });
    else spans.push(...withSilence({ from: reign.from, to, words, look }, brokerName(reign.leader), faults));
  }
  return spans;
}

interface Reign {
  readonly from: SimTime;
  readonly leader: number;
  readonly epoch: number;
}

function reignsOf(
  partition: TopicPartitionName,
  events: readonly TraceEvent[],
  now: { readonly leader: number; readonly leaderEpoch: number },
): readonly Reign[] {
  const reigns: Reign[] = [];
  for (const { at, data } of events) {
    if (data.type !== 'leader-elected' || data.partition !== partition) continue;
    if (reigns.length === 0 && data.from >= 0)
      reigns.push({ from: 0, leader: data.from, epoch: data.leaderEpoch - 1 });
    reigns.push({ from: at, leader: data.to, epoch: data.leaderEpoch });
  }
  if (reigns.length === 0) reigns.push({ from: 0, leader: now.leader, epoch: now.leaderEpoch });
  return reigns;
}

function withSilence(span: Span, leader: string, faults: readonly Span[]): readonly Span[] {
  const silence = faults.find(
    (fault) =>
      (fault.words === `${leader} DOWN` || fault.words === `${leader} PAUSED`) &&
      fault.from < span.to &&
      fault.to > span.from,
  );
  if (silence === undefined) return [span];
  const from = Math.max(silence.from, span.from);
  const to = Math.min(silence.to, span.to);
  const parts: Span[] = [
    { ...span, to: from },
    { from, to, words: 'nobody answers', look: 'hatch' },
    { ...span, from: to },
  ];
  return parts.filter((part) => part.to > part.from);
}

/** The partition whose leadership is worth a track: the one that is picked, else that of the first topic that moved last. */
export function trackedPartitions(
  picked: TopicPartitionName | null,
  events: readonly TraceEvent[],
  first: TopicPartitionName | null,
): TopicPartitionName | null {
  if (picked !== null) return picked;
  const topic = first?.replace(/-\d+$/, '');
  for (let i = events.length - 1; i >= 0; i--) {
    const data = events[i]?.data;
    if (data?.type === 'leader-elected' && data.from >= 0 && data.partition.replace(/-\d+$/, '') === topic)
      return data.partition;
  }
  return first;
}

/** One curve for each place where records can wait, in the order of the journey. All share one scale. */
export function waitingCurves(samples: readonly Sample[], places: readonly Place[]): readonly Curve[] {
  return places.map(({ name, key }) => {
    const points = samples.map((sample) => ({
      at: sample.at,
      value: key === null ? sample.waitingInProducers : (sample.waiting[key] ?? 0),
    }));
    const max = points.reduce((most, { value }) => Math.max(most, value), 0);
    return { name, points, max, internal: key?.endsWith('-repartition') ?? false };
  });
}

/** A place where records can wait; the key is that of `Sample.waiting`, null for producers. */
export interface Place {
  readonly name: string;
  readonly key: string | null;
}

/** Producers, then the inputs of applications from source to sink, then what only reads. */
export function waitingPlaces(entities: ReadonlyMap<EntityId, Entity>, names: Names): readonly Place[] {
  const all = [...entities.values()];
  const producers = all.flatMap((entity) => (entity.kind === 'producer' ? [names.node(entity.node)] : []));
  const applications = all.filter((entity) => entity.kind === 'application');
  const inputs = applications.flatMap(({ name, subtopologies }) =>
    subtopologies.flatMap(({ sources }) =>
      sources.map((topic) => ({
        name: `waiting in ${shortTopic(topic)}`,
        key: `${name}/${topic}`,
        of: name,
      })),
    ),
  );
  const shared = ({ name }: Place): boolean => inputs.filter((other) => other.name === name).length > 1;
  const told = inputs.map((place) => ({
    key: place.key,
    name: shared(place) ? `waiting for ${place.of}` : place.name,
  }));
  const readers = all
    .filter((entity) => entity.kind === 'group')
    .filter(({ name }) => !applications.some((application) => application.name === name))
    .flatMap(({ name, partitions }) => {
      const topics = [...new Set(partitions.map((partition) => partition.name.replace(/-\d+$/, '')))];
      return topics.map((topic) => ({ name: `waiting for ${name}`, key: `${name}/${topic}` }));
    });
  const first = producers.length === 0 ? [] : [{ name: `waiting in ${producers.join(', ')}`, key: null }];
  return [...first, ...told, ...readers];
}

/** An internal topic has a name that only its application understands. */
const shortTopic = (topic: string): string => (topic.endsWith('-repartition') ? 'repartition' : topic);

/** Thinner curves for the screen: the extremes of each pixel stay. */
export function thin(curve: Curve, from: SimTime, to: SimTime, pixels: number): Curve['points'] {
  const inside = curve.points.filter(({ at }) => at >= from - STEP_OUT && at <= to + STEP_OUT);
  if (inside.length <= pixels * 2) return inside;
  const bucket = (to - from) / pixels;
  const kept: { at: SimTime; value: number }[] = [];
  let current = -1;
  for (const point of inside) {
    const slot = Math.floor((point.at - from) / bucket);
    const last = kept.at(-1);
    if (slot !== current || last === undefined) {
      kept.push({ ...point });
      current = slot;
    } else if (point.value > last.value) last.value = point.value;
  }
  return kept;
}

/** A little beyond the edges, so that lines run out of the picture. */
const STEP_OUT: SimTime = 500_000;
