import type { ApplicationSpec, GroupSpec, ProducerSpec, Scenario, Tape } from '../api/scenario.ts';
import { below, prngStream } from '../base/prng.ts';

/** Rows of the small tape. */
export const LEAN_ROWS = 240;
/** Rows a second. */
const LEAN_RATE = 8;
/** ms since 1970; a whole minute. */
const FIRST_MINUTE = 1_431_857_100_000;

const PATHS = ['/', '/blog', '/about', '/projects', '/images/logo.png', '/favicon.ico'];

/**
 * The clickstream pipeline with everything in it, as small as it can be: three brokers, three partitions, one instance
 * and two readers; Kafka's default timeouts but for the readers' session, which is 10 s. For runs over many seeds.
 */
export const leanScenario = (seed: number): Scenario => ({
  format: 'millrace-scenario',
  version: 1,
  id: 'lean',
  name: 'Lean',
  question: 'Does every promise hold?',
  seed,
  startMs: 1_432_166_400_000,
  lengthMs: 60_000,
  brokers: [1, 2, 3].map((id) => ({ id, rack: null, config: {} })),
  brokerConfig: {
    'default.replication.factor': '3',
    'min.insync.replicas': '2',
    'offsets.topic.num.partitions': '1',
  },
  topics: ['clicks', 'views'].map((name) => ({ name, partitions: 3, replicationFactor: 3, config: {} })),
  producers: [PRODUCER],
  applications: [COUNTER],
  groups: [READERS],
  commands: [],
});

const PRODUCER: ProducerSpec = {
  id: 'p1',
  topic: 'clicks',
  tape: {
    file: 'lean.csv',
    origin: 'own',
    digest: '0',
    format: 'csv',
    timeColumn: 'time',
    keyColumn: 'user',
    limit: 0,
  },
  pace: { kind: 'rate', perSecond: LEAN_RATE },
  config: {},
};

/** Counts the rows of each path by their own time, in windows of 10 s. */
export const COUNTER: ApplicationSpec = {
  id: 'counter',
  instances: 1,
  topology: [
    { op: 'stream', id: 's', topic: 'clicks', key: 'string', value: 'json' },
    { op: 'groupBy', id: 'g', of: 's', keyFn: 'field:path' },
    { op: 'windowedBy', id: 'w', of: 'g', window: { type: 'tumbling', size: 10_000, grace: 20_000 } },
    { op: 'count', id: 'c', of: 'w', as: 'counts' },
    { op: 'toStream', id: 't', of: 'c' },
    { op: 'to', id: 'o', of: 't', topic: 'views' },
  ],
  workMicros: 500,
  config: {
    'commit.interval.ms': '2000',
    'statestore.cache.max.bytes': '0',
    // The tape is older than a day, and brokers delete by the records' own time.
    'windowstore.changelog.additional.retention.ms': '604800000',
  },
};

const READERS: GroupSpec = {
  id: 'readers',
  topic: 'views',
  members: 2,
  workMicros: 500,
  config: { 'auto.offset.reset': 'earliest', 'session.timeout.ms': '10000' },
};

/** The same rows for everybody: one a second of event time or so, a tenth of them late. */
export function leanTape(): Tape {
  const prng = prngStream(7, 'lean-tape');
  const rows = Array.from({ length: LEAN_ROWS }, (_, row) => {
    const late = below(prng, 10) === 0 ? below(prng, 25_000) : 0;
    const time = FIRST_MINUTE + row * 500 - late;
    return { row, time, user: `u${below(prng, 40)}`, path: PATHS[below(prng, PATHS.length)] ?? '/' };
  });
  return Object.freeze({
    count: rows.length,
    timestamps: Object.freeze(rows.map(({ time }) => time)),
    keys: Object.freeze(rows.map(({ user }) => user)),
    values: Object.freeze(rows.map((row) => JSON.stringify(row))),
  });
}
