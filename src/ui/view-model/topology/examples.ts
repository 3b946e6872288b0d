import type { TopologyNode } from '../../../engine/api/scenario.ts';
import type { PipeStep, TopologySource } from '../../../engine/api/topology-driver.ts';

/** A small topology to learn one thing from, with records that show it. */
export interface Example {
  readonly id: string;
  readonly name: string;
  /** What to look for, in a sentence or two. */
  readonly about: string;
  readonly topology: readonly TopologyNode[];
  readonly records: readonly PipeStep[];
}

const text = { key: 'string', value: 'string' };
const long = { key: 'string', value: 'long' };

const pipe = (topic: string, key: string | null, value: string | number | null, ts: number): PipeStep => ({
  pipe: topic,
  key,
  value,
  ts,
});

/** Small topologies, the plainest first. Times are ms since 1970; they begin at 0 so that they can be read. */
export const EXAMPLES: readonly Example[] = [
  {
    id: 'count-by-key',
    name: 'count by key',
    about:
      'Each record makes its key’s count one larger. A record without a key is dropped, and counted as dropped.',
    topology: [
      { id: 'words', op: 'stream', topic: 'words', ...text },
      { id: 'by-word', op: 'groupByKey', of: 'words' },
      { id: 'counts', op: 'count', of: 'by-word', as: 'counts' },
      { id: 'changes', op: 'toStream', of: 'counts' },
      { id: 'out', op: 'to', of: 'changes', topic: 'word-counts' },
    ],
    records: [
      pipe('words', 'river', 'one', 0),
      pipe('words', 'mill', 'two', 1_000),
      pipe('words', 'river', 'three', 2_000),
      pipe('words', null, 'four', 3_000),
    ],
  },
  {
    id: 'tumbling-grace',
    name: 'tumbling windows with grace',
    about:
      'Windows of 10 s wait 5 s more. The fourth record is late and still counted; the sixth comes after its window has closed, and is dropped.',
    topology: [
      { id: 'clicks', op: 'stream', topic: 'clicks', ...long },
      { id: 'by-page', op: 'groupByKey', of: 'clicks' },
      {
        id: 'tens',
        op: 'windowedBy',
        of: 'by-page',
        window: { type: 'tumbling', size: 10_000, grace: 5_000 },
      },
      { id: 'counts', op: 'count', of: 'tens', as: 'counts' },
      { id: 'changes', op: 'toStream', of: 'counts' },
      { id: 'out', op: 'to', of: 'changes', topic: 'clicks-per-10s' },
    ],
    records: [
      pipe('clicks', 'home', 1, 2_000),
      pipe('clicks', 'home', 1, 9_000),
      pipe('clicks', 'home', 1, 12_000),
      pipe('clicks', 'home', 1, 8_000),
      pipe('clicks', 'help', 1, 15_500),
      pipe('clicks', 'home', 1, 7_000),
    ],
  },
  {
    id: 'session',
    name: 'session windows',
    about:
      'A session ends when nothing comes for 5 s. The third record lies between two sessions: both are taken back with a null, and one that spans them comes.',
    topology: [
      { id: 'visits', op: 'stream', topic: 'visits', ...text },
      { id: 'by-user', op: 'groupByKey', of: 'visits' },
      {
        id: 'sessions',
        op: 'windowedBy',
        of: 'by-user',
        window: { type: 'session', gap: 5_000, grace: 60_000 },
      },
      { id: 'lengths', op: 'count', of: 'sessions', as: 'lengths' },
      { id: 'changes', op: 'toStream', of: 'lengths' },
      { id: 'out', op: 'to', of: 'changes', topic: 'sessions' },
    ],
    records: [
      pipe('visits', 'ada', 'home', 0),
      pipe('visits', 'ada', 'cart', 9_000),
      pipe('visits', 'ada', 'list', 4_500),
      pipe('visits', 'bob', 'home', 20_000),
    ],
  },
  {
    id: 'stream-join',
    name: 'two streams joined',
    about:
      'An order waits 10 s for its payment. One that never gets it comes out with null, but only when a later record shows that the time is over.',
    topology: [
      { id: 'orders', op: 'stream', topic: 'orders', ...text },
      { id: 'payments', op: 'stream', topic: 'payments', ...text },
      {
        id: 'paid',
        op: 'streamJoin',
        of: 'orders',
        with: 'payments',
        type: 'left',
        joiner: 'concat:/',
        window: { before: 0, after: 10_000 },
        as: 'paid',
      },
      { id: 'out', op: 'to', of: 'paid', topic: 'paid-orders' },
    ],
    records: [
      pipe('orders', 'o1', 'book', 0),
      pipe('orders', 'o2', 'lamp', 1_000),
      pipe('payments', 'o1', 'card', 4_000),
      pipe('payments', 'o3', 'cash', 5_000),
      pipe('orders', 'o4', 'desk', 12_500),
    ],
  },
  {
    id: 'suppress',
    name: 'only final results',
    about:
      'suppress() holds every count back until its window has closed: one result for each window and key, and nothing before stream time has passed its end.',
    topology: [
      { id: 'clicks', op: 'stream', topic: 'clicks', ...long },
      { id: 'by-page', op: 'groupByKey', of: 'clicks' },
      {
        id: 'tens',
        op: 'windowedBy',
        of: 'by-page',
        window: { type: 'tumbling', size: 10_000, grace: 2_000 },
      },
      { id: 'counts', op: 'count', of: 'tens', as: 'counts' },
      { id: 'final', op: 'suppress', of: 'counts', until: 'windowCloses' },
      { id: 'changes', op: 'toStream', of: 'final' },
      { id: 'out', op: 'to', of: 'changes', topic: 'final-counts' },
    ],
    records: [
      pipe('clicks', 'home', 1, 1_000),
      pipe('clicks', 'home', 1, 6_000),
      pipe('clicks', 'help', 1, 11_000),
      pipe('clicks', 'help', 1, 12_000),
      pipe('clicks', 'help', 1, 23_000),
    ],
  },
  {
    id: 'foreign-key-join',
    name: 'a foreign-key join',
    about:
      'Each order names its customer. Two topics of the join’s own carry subscriptions to the customers and answers back: a customer who changes reaches all of their orders.',
    topology: [
      { id: 'orders', op: 'table', topic: 'orders', ...text, as: 'orders' },
      { id: 'customers', op: 'table', topic: 'customers', ...text, as: 'customers' },
      {
        id: 'named',
        op: 'fkJoin',
        of: 'orders',
        with: 'customers',
        type: 'inner',
        keyFn: 'before:/',
        joiner: 'concat: for ',
      },
      { id: 'changes', op: 'toStream', of: 'named' },
      { id: 'out', op: 'to', of: 'changes', topic: 'named-orders' },
    ],
    records: [
      pipe('customers', 'c1', 'Ada', 0),
      pipe('orders', 'o1', 'c1/book', 1_000),
      pipe('orders', 'o2', 'c1/lamp', 2_000),
      pipe('customers', 'c1', 'Ada L.', 3_000),
      pipe('orders', 'o1', null, 4_000),
    ],
  },
  {
    id: 're-key',
    name: 'a repartition topic',
    about:
      'A new key may belong to another task, so records go through a topic of the application’s own. That makes two sub-topologies, and a record is processed twice.',
    topology: [
      { id: 'lines', op: 'stream', topic: 'lines', ...text },
      { id: 'words', op: 'flatMapValues', of: 'lines', fn: 'splitOn: ' },
      { id: 'by-word', op: 'groupBy', of: 'words', keyFn: 'value' },
      { id: 'counts', op: 'count', of: 'by-word', as: 'counts' },
      { id: 'changes', op: 'toStream', of: 'counts' },
      { id: 'out', op: 'to', of: 'changes', topic: 'word-counts' },
    ],
    records: [
      pipe('lines', 'l1', 'all streams lead to kafka', 0),
      pipe('lines', 'l2', 'hello kafka streams', 1_000),
      pipe('lines', 'l3', 'join kafka summit', 2_000),
    ],
  },
];

/** An example as the bench takes it. */
export const exampleSession = ({
  id,
  topology,
  records,
}: Example): { readonly source: TopologySource; readonly offered: readonly PipeStep[] } => ({
  source: { applicationId: id, topology, config: { 'statestore.cache.max.bytes': '0' } },
  offered: records,
});
