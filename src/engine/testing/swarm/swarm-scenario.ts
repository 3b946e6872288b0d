import type { ConfigOverrides } from '../../api/config/config-key.ts';
import type {
  ApplicationSpec,
  GroupSpec,
  ProducerSpec,
  Scenario,
  ShareGroupSpec,
  Tape,
  TopicSpec,
} from '../../api/scenario.ts';
import { COUNTER } from '../lean-scenario.ts';
import type { Features } from './features.ts';

/** Rows of the tape, and how many are sent a second. */
export const SWARM_ROWS = 60;
const RATE = 6;
/** ms since 1970. */
const START = 1_700_000_000_000;

export const COPIERS = ['c1', 'c2'] as const;
/** Directories of a broker whose disks may fail. */
export const LOG_DIRS = 2;
const COOPERATIVE = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';

/** A small cluster with the parts and settings of a run. */
export function swarmScenario(seed: number, features: Features): Scenario {
  return {
    format: 'millrace-scenario',
    version: 1,
    id: 'swarm',
    name: 'Swarm',
    question: 'Does every promise hold?',
    seed,
    startMs: START,
    lengthMs: 60_000,
    ...(features.has('three-controllers') ? { controllers: 3 as const } : {}),
    brokers: [1, 2, 3].map((id) => ({ id, rack: null, config: {} })),
    brokerConfig: brokerConfig(features),
    topics: topicsOf(features),
    producers: [producerOf(features)],
    applications: applicationsOf(features),
    groups: groupsOf(features),
    ...(features.has('share-group') ? { shareGroups: [SHARERS] } : {}),
    commands: [],
  };
}

const brokerConfig = (features: Features): ConfigOverrides => ({
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '2000',
  'group.initial.rebalance.delay.ms': '500',
  'group.consumer.min.session.timeout.ms': '6000',
  'group.consumer.session.timeout.ms': '6000',
  'group.consumer.heartbeat.interval.ms': '2000',
  ...(features.has('share-group') ? { 'share.coordinator.state.topic.num.partitions': '1' } : {}),
  ...(features.has('impatient-leaders') ? { 'replica.lag.time.max.ms': '3000' } : {}),
  ...(features.has('preferred-leaders') ? { 'leader.imbalance.check.interval.seconds': '3' } : {}),
  ...(features.has('impatient-sessions')
    ? { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '1000' }
    : {}),
  ...(features.has('disk-failure')
    ? { 'log.dirs': Array.from({ length: LOG_DIRS }, (_, i) => `/disk/${i}`).join() }
    : {}),
  ...(features.has('compaction')
    ? {
        'log.cleaner.backoff.ms': '1000',
        'log.cleaner.min.cleanable.ratio': '0.01',
        'log.cleaner.delete.retention.ms': '5000',
        'log.roll.ms': '3000',
      }
    : {}),
  ...(features.has('retention') ? { 'log.retention.check.interval.ms': '1000', 'log.roll.ms': '2000' } : {}),
});

/** More members than partitions, slow ones; some records come to them again and again. */
const SHARERS: ShareGroupSpec = {
  id: 'sharers',
  topic: 'clicks',
  members: 3,
  workMicros: 200_000,
  outcomes: { poisonEvery: 7, releaseEvery: 3, rejectEvery: 11 },
  config: { 'share.acknowledgement.mode': 'explicit', 'max.poll.records': '4' },
  groupConfig: {
    'share.auto.offset.reset': 'earliest',
    'share.delivery.count.limit': '3',
    'share.record.lock.duration.ms': '15000',
  },
};

/** Two instances that are slow enough to have something before them most of the time. */
const APPLICATION: ApplicationSpec = {
  ...COUNTER,
  instances: 2,
  workMicros: 50_000,
  config: { ...COUNTER.config, 'commit.interval.ms': '1000', 'session.timeout.ms': '6000' },
};

function applicationsOf(features: Features): ApplicationSpec[] {
  if (!features.has('application')) return [];
  const config = {
    ...APPLICATION.config,
    ...(features.has('exactly-once') && {
      'processing.guarantee': 'exactly_once_v2',
      'commit.interval.ms': '200',
    }),
    ...(features.has('two-threads') && { 'num.stream.threads': '2' }),
  };
  return [{ ...APPLICATION, config }];
}

function topicsOf(features: Features): TopicSpec[] {
  const partitions = features.has('many-partitions') ? 4 : 2;
  const config: ConfigOverrides = features.has('compaction')
    ? { 'cleanup.policy': 'compact' }
    : features.has('retention')
      ? { 'retention.ms': '6000' }
      : {};
  const names = [
    'clicks',
    ...(features.has('copiers') ? ['copies'] : []),
    ...(features.has('application') ? ['views'] : []),
  ];
  return names.map((name) => ({ name, partitions, replicationFactor: 3, config }));
}

const producerOf = (features: Features): ProducerSpec => ({
  id: 'p1',
  topic: 'clicks',
  tape: {
    file: 'swarm.csv',
    origin: 'own',
    digest: '0',
    format: 'csv',
    timeColumn: 'time',
    keyColumn: 'user',
    limit: 0,
  },
  pace: { kind: 'rate', perSecond: RATE },
  ...(features.has('transactional-producer') ? { transactions: { records: 7, abortEvery: 3 } } : {}),
  config: {
    ...(features.has('transactional-producer')
      ? { 'transactional.id': 'tx', 'transaction.timeout.ms': '10000' }
      : {}),
    ...(features.has('impatient-producer')
      ? { 'delivery.timeout.ms': '2000', 'request.timeout.ms': '1000' }
      : {}),
    ...(features.has('no-idempotence') ? { 'enable.idempotence': 'false' } : {}),
    ...(features.has('small-batches') ? { 'batch.size': '300' } : { 'linger.ms': '300' }),
    ...(features.has('one-in-flight') || features.has('no-idempotence')
      ? { 'max.in.flight.requests.per.connection': '1' }
      : {}),
  },
});

function groupsOf(features: Features): GroupSpec[] {
  const protocol: ConfigOverrides | undefined = features.has('consumer-group')
    ? { 'group.protocol': 'consumer' }
    : features.has('cooperative-group')
      ? {
          'session.timeout.ms': '6000',
          'heartbeat.interval.ms': '2000',
          'partition.assignment.strategy': COOPERATIVE,
        }
      : features.has('classic-group')
        ? { 'session.timeout.ms': '6000', 'heartbeat.interval.ms': '2000' }
        : undefined;
  if (protocol === undefined) return [];
  const committed = features.has('transactional-producer') || features.has('copiers');
  const config: ConfigOverrides = {
    'auto.offset.reset': 'earliest',
    ...protocol,
    ...(committed ? { 'isolation.level': 'read_committed' } : {}),
    ...(features.has('manual-commits')
      ? { 'enable.auto.commit': 'false' }
      : { 'auto.commit.interval.ms': '1000' }),
  };
  const topic = features.has('copiers') ? 'copies' : 'clicks';
  return [{ id: 'readers', topic, members: 2, workMicros: 500, config }];
}

const rows = Array.from({ length: SWARM_ROWS }, (_, row) => row);

/** The same rows for everybody. */
export const SWARM_TAPE: Tape = Object.freeze({
  count: SWARM_ROWS,
  timestamps: Object.freeze(rows.map((row) => START + row * 100)),
  // Some keys have one row only: the cleaner leaves that for ever.
  keys: Object.freeze(rows.map((row) => (row < 6 ? `once-${row}` : `u${row % 9}`))),
  values: Object.freeze(rows.map((row) => JSON.stringify({ row, path: `/${row % 5}` }))),
});
