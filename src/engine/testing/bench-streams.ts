import { int64ToBytes, utf8Encode, type Bytes } from '../base/bytes.ts';
import { streamsConfig } from '../streams/config.ts';
import type { Arguments } from '../streams/processors/arguments.ts';
import type { ProcessorKind } from '../streams/processors/registry.ts';
import { longSerde } from '../streams/serdes/serde.ts';
import type { KeyValueStore } from '../streams/state-stores/key-value-store.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../streams/task/processor.ts';
import { withKeyValue, type StreamRecord } from '../streams/task/stream-record.ts';
import { valueBytes, type OutgoingRecord } from '../streams/task/outgoing-record.ts';
import {
  newDriverState,
  TopologyTestDriver,
  type DriverListener,
} from '../streams/test-driver/topology-test-driver.ts';
import { buildTopology } from '../streams/topology/build-topology.ts';
import type { Topology, WindowSpec } from '../streams/topology/topology-node.ts';

/** One record of a workload's input, ready to be piped. */
interface BenchRecord {
  readonly topic: string;
  readonly key: Bytes;
  readonly value: Bytes;
  readonly timestamp: number;
}

interface Workload {
  readonly name: string;
  readonly topology: Topology;
  input(records: number): BenchRecord[];
}

/** What one workload did. `outputs` and `checksum` are equal to the JVM's if the answers are. */
export interface BenchResult {
  readonly workload: string;
  /** Input records per second: the best pass, and the middle one. */
  readonly best: number;
  readonly median: number;
  readonly outputs: number;
  readonly checksum: number;
}

/** The generator of the JVM's benchmark: 24 bits of a 32-bit linear congruence. */
class Generator {
  private x = 12345;

  next(): number {
    this.x = (Math.imul(this.x, 1664525) + 1013904223) >>> 0;
    return this.x >>> 8;
  }
}

interface Draw {
  readonly i: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly timestamp: number;
}

function draws(records: number): Draw[] {
  const generator = new Generator();
  return Array.from({ length: records }, (_, i) => {
    const [a, b, c, d] = [generator.next(), generator.next(), generator.next(), generator.next()];
    const late = c % 10 === 0 ? d % 20_000 : 0;
    return { i, a, b, c, d, timestamp: Math.max(0, i * 10 - late) };
  });
}

/** Keys `k0` … `k999`, values 0 … 99 as longs. */
function plainInput(topicOf: (i: number) => string): Workload['input'] {
  return (records) =>
    draws(records).map(({ i, a, b, timestamp }) => ({
      topic: topicOf(i),
      key: `k${a % 1000}`,
      value: int64ToBytes(b % 100),
      timestamp,
    }));
}

const SOURCE = { id: 's', op: 'stream', topic: 'in', key: 'string', value: 'long' } as const;

const windowedCount = (window: WindowSpec): Topology => [
  SOURCE,
  { id: 'g', op: 'groupByKey', of: 's' },
  { id: 'w', op: 'windowedBy', of: 'g', window },
  { id: 'c', op: 'count', of: 'w', as: 'counts' },
  { id: 't', op: 'toStream', of: 'c' },
  { op: 'to', of: 't', topic: 'out' },
];

const TUMBLING: WindowSpec = { type: 'tumbling', size: 60_000, grace: 30_000 };

const toIn = plainInput(() => 'in');

const WORKLOADS: readonly Workload[] = [
  {
    name: 'stateless',
    topology: [
      SOURCE,
      { id: 'f', op: 'filter', of: 's', pred: 'even' },
      { id: 'm', op: 'map', of: 'f', keyFn: 'keyAppend:!', fn: 'mul:3' },
      { id: 'n', op: 'mapValues', of: 'm', fn: 'add:1' },
      { op: 'to', of: 'n', topic: 'out' },
    ],
    input: toIn,
  },
  {
    name: 'count',
    topology: [
      SOURCE,
      { id: 'g', op: 'groupByKey', of: 's' },
      { id: 'c', op: 'count', of: 'g', as: 'counts' },
      { id: 't', op: 'toStream', of: 'c' },
      { op: 'to', of: 't', topic: 'out' },
    ],
    input: toIn,
  },
  { name: 'tumbling-count', topology: windowedCount(TUMBLING), input: toIn },
  {
    name: 'hopping-count',
    topology: windowedCount({ type: 'hopping', size: 60_000, advance: 10_000, grace: 30_000 }),
    input: toIn,
  },
  {
    name: 'session-count',
    topology: windowedCount({ type: 'session', gap: 5_000, grace: 30_000 }),
    input: toIn,
  },
  {
    name: 'stream-stream-join',
    topology: [
      { id: 'l', op: 'stream', topic: 'left', key: 'string', value: 'long' },
      { id: 'r', op: 'stream', topic: 'right', key: 'string', value: 'long' },
      {
        id: 'j',
        op: 'streamJoin',
        of: 'l',
        with: 'r',
        type: 'inner',
        joiner: 'sum',
        window: { before: 5_000, after: 5_000, grace: 30_000 },
      },
      { op: 'to', of: 'j', topic: 'out' },
    ],
    input: plainInput((i) => (i % 2 === 0 ? 'left' : 'right')),
  },
  {
    name: 'stream-table-join',
    topology: [
      { id: 't', op: 'table', topic: 'table', key: 'string', value: 'long', as: 'table' },
      SOURCE,
      { id: 'j', op: 'streamTableJoin', of: 's', with: 't', type: 'inner', joiner: 'sum' },
      { op: 'to', of: 'j', topic: 'out' },
    ],
    input: plainInput((i) => (i % 10 === 0 ? 'table' : 'in')),
  },
  {
    name: 'suppress-window-close',
    topology: [
      ...windowedCount(TUMBLING).slice(0, 4),
      { id: 'u', op: 'suppress', of: 'c', until: 'windowCloses' },
      { id: 't', op: 'toStream', of: 'u' },
      { op: 'to', of: 't', topic: 'out' },
    ],
    input: toIn,
  },
  {
    name: 'ledger',
    topology: [
      { id: 'seen', op: 'store', kind: 'kv', key: 'string', value: 'long', store: 'inMemory' },
      { id: 'balances', op: 'store', kind: 'kv', key: 'string', value: 'long', store: 'inMemory' },
      { id: 's', op: 'stream', topic: 'in', key: 'string', value: 'string' },
      {
        id: 'd',
        op: 'process',
        of: 's',
        processor: 'dedupe',
        args: { store: 'seen', id: 'key', ttl: 3_600_000 },
      },
      { id: 'p', op: 'process', of: 'd', processor: 'textLedger', args: { store: 'balances' } },
      {
        id: 'b',
        op: 'split',
        of: 'p',
        branches: [
          { id: 'rejected', pred: 'contains:rejected' },
          { id: 'posted', pred: 'contains:posted' },
        ],
      },
      { op: 'to', of: 'rejected', topic: 'rejections' },
      { op: 'to', of: 'posted', topic: 'postings' },
      { id: 'm', op: 'process', of: 'posted', processor: 'total' },
      { id: 'g', op: 'groupByKey', of: 'm' },
      { id: 'a', op: 'aggregate', of: 'g', init: '0', fn: 'sum' },
      { id: 't', op: 'toStream', of: 'a' },
      { op: 'to', of: 't', topic: 'audit' },
    ],
    input: (records) => draws(records).map(transfer),
  },
];

function transfer({ i, a, b, c, d, timestamp }: Draw): BenchRecord {
  const id = c % 20 === 1 ? Math.max(0, i - 1 - (d % 50)) : i;
  const from = b % 4 === 0 ? 'bank' : `k${a % 1000}`;
  const value = utf8Encode(`t${id},${from},k${d % 1000},${1 + (b % 100)}`);
  return { topic: 'in', key: `t${id}`, value, timestamp };
}

/** The two processors of the ledger that work on comma-separated text. */
const LEDGER_PROCESSORS: ReadonlyMap<string, ProcessorKind> = new Map<string, ProcessorKind>([
  ['textLedger', { make: textLedger }],
  ['total', { make: () => ({ create: total }), value: longSerde }],
]);

function textLedger(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  return {
    create(context) {
      const balances = context.store<KeyValueStore>(storeName);
      return { process: (record) => book(context, balances, record) };
    },
  };
}

function book(context: ProcessorContext, balances: KeyValueStore, record: StreamRecord): void {
  const [id = '', from = '', to = '', amount = ''] = (record.value as string).split(',');
  const n = Number(amount);
  const balanceOf = (account: string): number => (balances.get(account) ?? 0) as number;
  if (from === to || (from !== 'bank' && balanceOf(from) < n)) {
    context.forward(withKeyValue(record, from, `rejected,${id}`));
    return;
  }
  const left = balanceOf(from) - n;
  balances.put(from, left);
  const right = balanceOf(to) + n;
  balances.put(to, right);
  context.forward(withKeyValue(record, from, `posted,${id},${-n},${left}`));
  context.forward(withKeyValue(record, to, `posted,${id},${n},${right}`));
}

function total(context: ProcessorContext): Processor {
  return {
    process: (record) =>
      context.forward(withKeyValue(record, 'total', Number((record.value as string).split(',')[2]))),
  };
}

/** Drains what a driver produced, as the JVM's benchmark does after each 1,000 records. */
class Drain implements DriverListener {
  outputs = 0;
  private readonly internal: ReadonlySet<string>;
  private readonly sums = new Map<string, number>();
  private records: OutgoingRecord[] = [];
  private changes = 0;

  constructor(internal: ReadonlySet<string>) {
    this.internal = internal;
  }

  produced(record: OutgoingRecord): void {
    if (!this.internal.has(record.topic)) this.records.push(record);
  }

  changelog(): void {
    this.changes++;
  }

  drain(): void {
    for (const record of this.records) {
      const bytes = valueBytes(record) ?? '';
      let hash = this.sums.get(record.topic) ?? 0;
      for (let i = 0; i < bytes.length; i++) hash = (Math.imul(hash, 31) + bytes.charCodeAt(i)) >>> 0;
      this.sums.set(record.topic, hash);
    }
    this.outputs += this.records.length;
    this.records = [];
  }

  get checksum(): number {
    let sum = 0;
    for (const hash of this.sums.values()) sum = (sum + hash) >>> 0;
    return sum;
  }
}

interface Pass {
  readonly rate: number;
  readonly outputs: number;
  readonly checksum: number;
}

function runPass({ topology }: Workload, input: readonly BenchRecord[], clock: () => number): Pass {
  const config = streamsConfig({
    'statestore.cache.max.bytes': '0',
    'dsl.store.suppliers.class': 'InMemoryDslStoreSuppliers',
  });
  const built = buildTopology(topology, { config, processors: LEDGER_PROCESSORS });
  const drain = new Drain(new Set(built.repartitionTopics.map(({ name }) => name)));
  const driver = new TopologyTestDriver(built, newDriverState(built, 0), drain);
  const start = clock();
  for (let i = 0; i < input.length; i++) {
    driver.pipe(input[i] as BenchRecord);
    if (i % 1_000 === 999) drain.drain();
  }
  drain.drain();
  const seconds = (clock() - start) / 1_000;
  return { rate: Math.round(input.length / seconds), outputs: drain.outputs, checksum: drain.checksum };
}

export interface BenchOptions {
  /** Input records per pass. */
  readonly records: number;
  /** Measured passes, after one that only warms up. */
  readonly passes: number;
  /** Milliseconds, from anywhere. */
  readonly clock: () => number;
  /** Names of workloads; absent: all. */
  readonly only?: readonly string[];
}

/** In the order of the JVM's benchmark. */
export const WORKLOAD_NAMES: readonly string[] = WORKLOADS.map(({ name }) => name);

/** Runs the workloads of the JVM's benchmark through the engine's own test driver. */
export function benchStreams({ records, passes, clock, only }: BenchOptions): BenchResult[] {
  return WORKLOADS.filter(({ name }) => only === undefined || only.includes(name)).map((workload) => {
    const input = workload.input(records);
    runPass(workload, input, clock);
    const results = Array.from({ length: passes }, () => runPass(workload, input, clock));
    const rates = results.map(({ rate }) => rate).sort((a, b) => a - b);
    const { outputs, checksum } = results[0] as Pass;
    const [best, median] = [rates[rates.length - 1] ?? 0, rates[Math.floor(rates.length / 2)] ?? 0];
    return { workload: workload.name, best, median, outputs, checksum };
  });
}
