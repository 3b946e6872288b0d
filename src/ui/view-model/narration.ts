import type { BrokerId } from '../../engine/api/ids.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { SimTime } from '../../engine/base/time.ts';
import { brokerName, caption, listed, type Names } from './caption.ts';
import { lossesSentence } from './loss-caption.ts';
import { count, plural } from './number-format.ts';

/** One thing that happened, told once though many events say it. */
export interface Line {
  /** Id of the last event it tells of. */
  readonly id: number;
  readonly at: SimTime;
  readonly sentence: string;
  /** Events it stands for. */
  readonly events: number;
}

/** Events of one kind that follow each other within this time are one line. */
const TOGETHER: SimTime = 100_000;

/** The story of notable events, oldest first: what belongs together becomes one sentence. */
export function narrate(events: readonly TraceEvent[], names: Names): readonly Line[] {
  return bundles(events).map((bundle) => tell(bundle, names));
}

export interface Telling {
  readonly within?: SimTime;
  /** Signs that a second sentence may make of it. */
  readonly longest?: number;
}

/**
 * What mattered most at a moment, or, with `within`, in so much time before it. Null if nothing has happened yet.
 */
export function lineAt(
  events: readonly TraceEvent[],
  index: number,
  names: Names,
  { within = TOGETHER, longest = 150 }: Telling = {},
): Line | null {
  const last = events[index];
  if (last === undefined) return null;
  const around = events
    .slice(Math.max(0, index - LOOK_BACK), index + 1)
    .filter((event) => last.at - event.at <= within);
  const lines = bundles(around).map((bundle) => ({ line: tell(bundle, names), weight: weightOf(bundle) }));
  const [first, second] = lines.sort((a, b) => b.weight - a.weight || b.line.id - a.line.id);
  if (first === undefined) return null;
  if (second === undefined || second.weight < WORTH_A_WORD) return first.line;
  if (Math.abs(first.line.at - second.line.at) > TOGETHER) return first.line;
  const ordered = [first.line, second.line].sort((a, b) => a.id - b.id);
  const sentence = ordered.map((line) => line.sentence).join(' ');
  return sentence.length > longest ? first.line : { ...first.line, sentence };
}

/** One death can lead to so many events at once. */
const LOOK_BACK = 400;
const WORTH_A_WORD = 3;

/** How much of an answer to "what just happened?" an event is, among those of the same moment. */
const WEIGHTS: Readonly<Record<string, number>> = {
  command: 5,
  'act-refused': 5,
  'records-lost': 5,
  'tool-answered': 5,
  'query-answered': 5,
  'leader-elected': 4,
  'batch-failed': 4,
  'send-refused': 4,
  'client-failed': 4,
  'transaction-changed': 4,
  'log-truncated': 4,
  'broker-fenced': 3,
  'member-removed': 3,
  'isr-changed': 2,
};

const weightOf = ([{ data }]: Bundle): number => WEIGHTS[data.type] ?? 1;

type Bundle = readonly [TraceEvent, ...TraceEvent[]];

function bundles(events: readonly TraceEvent[]): readonly Bundle[] {
  const found: [TraceEvent, ...TraceEvent[]][] = [];
  for (const event of events) {
    const open = found.slice(-4).find((bundle) => belongs(bundle, event));
    if (open === undefined) found.push([event]);
    else open.push(event);
  }
  return found;
}

const BUNDLED: ReadonlySet<string> = new Set([
  'leader-elected',
  'isr-changed',
  'task-running',
  'task-restoring',
  'broker-unfenced',
  'broker-registered',
  'produce-refused',
  'batch-failed',
  'send-refused',
  'duplicate-answered',
  'log-truncated',
  'transaction-changed',
  'records-lost',
]);

/** While a coordinator is out of reach, every commit fails, one each `auto.commit.interval.ms`: that is one story. */
const COMMITS_APART: SimTime = 16_000_000;

function belongs(bundle: Bundle, event: TraceEvent): boolean {
  if (bundle[0].data.type !== event.data.type) return false;
  if (event.data.type === 'commit-failed') return event.at - (bundle.at(-1) ?? bundle[0]).at <= COMMITS_APART;
  return BUNDLED.has(event.data.type) && event.at - bundle[0].at <= TOGETHER && sameStory(bundle[0], event);
}

/** ISR changes that take different brokers out, or moves of the same partition, are different stories. */
function sameStory(first: TraceEvent, next: TraceEvent): boolean {
  const [a, b] = [first.data, next.data];
  if (a.type === 'isr-changed' && b.type === 'isr-changed') return movement(a) === movement(b);
  if (a.type === 'leader-elected' && b.type === 'leader-elected') return a.from === b.from;
  if (a.type === 'records-lost' && b.type === 'records-lost')
    return a.lost > a.before === b.lost > b.before && a.partition !== b.partition;
  if (a.type === 'task-running' || a.type === 'task-restoring') return first.node === next.node;
  return true;
}

type IsrChange = Extract<TraceEvent['data'], { readonly type: 'isr-changed' }>;

const movement = ({ before, after }: IsrChange): string =>
  `${without(before, after).join()}>${without(after, before).join()}`;

const without = (all: readonly BrokerId[], these: readonly BrokerId[]): readonly BrokerId[] =>
  all.filter((broker) => !these.includes(broker));

function tell(bundle: Bundle, names: Names): Line {
  const last = bundle.at(-1) ?? bundle[0];
  const sentence = bundle.length === 1 ? caption(last, names) : together(bundle, names);
  return { id: last.id, at: last.at, sentence, events: bundle.length };
}

function together(bundle: Bundle, names: Names): string {
  const [{ data, node }] = bundle;
  switch (data.type) {
    case 'leader-elected':
      return elections(bundle, data.from);
    case 'isr-changed':
      return isrChanges(bundle, data);
    case 'records-lost':
      return lossesSentence(
        bundle.flatMap((event) => (event.data.type === 'records-lost' ? [event.data] : [])),
      );
    case 'task-running':
      return `Tasks ${taskList(bundle)} run on ${names.node(node)}.`;
    case 'task-restoring':
      return `${names.node(node)} restores the stores of tasks ${taskList(bundle)} from their changelogs.`;
    case 'broker-unfenced':
      return `${brokers(bundle)} are unfenced: they may lead and serve.`;
    case 'broker-registered':
      return `${brokers(bundle)} register with the controller.`;
    default:
      return `${caption(bundle.at(-1) ?? bundle[0], names)} ${count(bundle.length - 1)} more like it.`;
  }
}

function elections(bundle: Bundle, from: BrokerId): string {
  const moves = bundle.flatMap(({ data }) => (data.type === 'leader-elected' ? [data] : []));
  const own = moves.filter(({ partition }) => !partition.startsWith('__'));
  if (own.length === 0 || own.length > NAMED_MAX) return electionSums(moves, from);
  const named = own.map(({ partition, to }) => `${partition} to ${brokerName(to)}`);
  const rest = moves.length - own.length;
  if (rest > 0) named.push(`${plural(rest, 'partition')} of internal topics`);
  return from < 0
    ? `Leaders are found: ${listed(named)}.`
    : `Leaders move from ${brokerName(from)}: ${listed(named)}.`;
}

/** So many partitions are named, more are counted. */
const NAMED_MAX = 3;

type Election = Extract<TraceEvent['data'], { readonly type: 'leader-elected' }>;

function electionSums(moves: readonly Election[], from: BrokerId): string {
  const to = new Map<BrokerId, number>();
  for (const move of moves) to.set(move.to, (to.get(move.to) ?? 0) + 1);
  const orphans = to.get(-1) ?? 0;
  const heirs = [...to].filter(([broker]) => broker >= 0).sort(([a], [b]) => a - b);
  const shares = heirs.map(([broker, leads]) => `${brokerName(broker)} leads ${count(leads)} more`);
  const what = `${plural(moves.length, 'partition')}${from < 0 ? '' : ` of ${brokerName(from)}`}`;
  const lost = orphans === 0 ? '' : ` ${plural(orphans, 'partition')} have no leader.`;
  return heirs.length === 0
    ? `${what} have no leader now.`
    : `${what} change leaders: ${listed(shares)}.${lost}`;
}

function isrChanges(bundle: Bundle, { before, after }: IsrChange): string {
  const gone = without(before, after).map(brokerName);
  const came = without(after, before).map(brokerName);
  const on = `on ${plural(bundle.length, 'partition')}`;
  if (came.length === 0) return `${listed(gone)} ${gone.length === 1 ? 'falls' : 'fall'} out of sync ${on}.`;
  if (gone.length === 0) return `${listed(came)} ${came.length === 1 ? 'is' : 'are'} back in sync ${on}.`;
  return `The in-sync replicas change ${on}.`;
}

const taskList = (bundle: Bundle): string => {
  const tasks = bundle.flatMap(({ data }) => ('task' in data ? [data.task] : []));
  const unique = [...new Set(tasks)].sort();
  return unique.length > 4
    ? `${unique.slice(0, 3).join(', ')} and ${unique.length - 3} more`
    : listed(unique);
};

const brokers = (bundle: Bundle): string =>
  listed(
    [...new Set(bundle.flatMap(({ data }) => ('broker' in data ? [brokerName(data.broker)] : [])))].sort(),
  );
