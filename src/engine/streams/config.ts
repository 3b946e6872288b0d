import { optimizationProblem, optimizationsIn, type Optimization } from '../api/config/optimizations.ts';
import { StreamsError } from './task/streams-error.ts';

/** The keys of Kafka Streams that this engine reads, as text, as a properties file would hold them. */
export type StreamsProperties = Readonly<Record<string, string>>;

type OnError = 'fail' | 'continue';

/** Kafka Streams' configuration, parsed. */
export interface StreamsConfig {
  readonly applicationId: string;
  /** 0 switches all caching off. Bytes. */
  readonly cacheMaxBytes: number;
  readonly processingGuarantee: 'at_least_once' | 'exactly_once_v2';
  /** Milliseconds. */
  readonly commitInterval: number;
  readonly defaultTimestampExtractor: string;
  readonly onDeserializationError: OnError;
  readonly onProcessingError: OnError;
  readonly deadLetterQueueTopic: string | undefined;
  readonly optimizations: ReadonlySet<Optimization>;
  readonly ensureExplicitNaming: boolean;
  readonly storeBackend: 'rocksDB' | 'inMemory';
  readonly recordsDebugMetrics: boolean;
  /**
   * Milliseconds of wall clock between two looks for results to emit at window close, and for unmatched records of
   * outer joins. Internal to Kafka; the test driver sets it to 0.
   */
  readonly emitInterval: number;
}

const DEFAULTS: StreamsProperties = {
  'application.id': 'app',
  'statestore.cache.max.bytes': '10485760',
  'processing.guarantee': 'at_least_once',
  'default.timestamp.extractor': 'FailOnInvalidTimestamp',
  'deserialization.exception.handler': 'LogAndFailExceptionHandler',
  'processing.exception.handler': 'LogAndFailProcessingExceptionHandler',
  'topology.optimization': 'none',
  'ensure.explicit.internal.resource.naming': 'false',
  'dsl.store.suppliers.class': 'RocksDBDslStoreSuppliers',
  'errors.dead.letter.queue.topic.name': '',
  'commit.interval.ms': '',
  'metrics.recording.level': 'INFO',
};

/** The keys among these that say how a topology is built and what a driver without threads does. */
export const topologyProperties = (properties: StreamsProperties): StreamsProperties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key in DEFAULTS));

function oneOf<T>(properties: StreamsProperties, key: string, answers: Readonly<Record<string, T>>): T {
  const value = properties[key] ?? DEFAULTS[key] ?? '';
  const answer = answers[value];
  if (answer === undefined)
    throw new StreamsError('ConfigException', `Invalid value ${value} for configuration ${key}`);
  return answer;
}

function optimizationsOf(text: string): Set<Optimization> {
  const problem = optimizationProblem(text);
  if (problem !== undefined) throw new StreamsError('ConfigException', problem.message);
  return optimizationsIn(text);
}

/** Reads properties. Throws a {@link StreamsError} for an unknown key or a value Kafka would not take. */
export function streamsConfig(properties: StreamsProperties = {}): StreamsConfig {
  for (const key of Object.keys(properties))
    if (!(key in DEFAULTS)) throw new StreamsError('ConfigException', `unknown configuration ${key}`);
  const text = (key: string): string => properties[key] ?? DEFAULTS[key] ?? '';
  const guarantee = oneOf(properties, 'processing.guarantee', {
    at_least_once: 'at_least_once',
    exactly_once_v2: 'exactly_once_v2',
  } as const);
  const deadLetterQueueTopic = text('errors.dead.letter.queue.topic.name');
  return {
    applicationId: text('application.id'),
    cacheMaxBytes: Number(text('statestore.cache.max.bytes')),
    processingGuarantee: guarantee,
    commitInterval: Number(text('commit.interval.ms') || (guarantee === 'exactly_once_v2' ? 100 : 30_000)),
    defaultTimestampExtractor: text('default.timestamp.extractor'),
    onDeserializationError: oneOf<OnError>(properties, 'deserialization.exception.handler', {
      LogAndFailExceptionHandler: 'fail',
      LogAndContinueExceptionHandler: 'continue',
    }),
    onProcessingError: oneOf<OnError>(properties, 'processing.exception.handler', {
      LogAndFailProcessingExceptionHandler: 'fail',
      LogAndContinueProcessingExceptionHandler: 'continue',
    }),
    deadLetterQueueTopic: deadLetterQueueTopic === '' ? undefined : deadLetterQueueTopic,
    optimizations: optimizationsOf(text('topology.optimization')),
    ensureExplicitNaming: oneOf(properties, 'ensure.explicit.internal.resource.naming', {
      true: true,
      false: false,
    }),
    emitInterval: 1_000,
    recordsDebugMetrics: oneOf(properties, 'metrics.recording.level', {
      INFO: false,
      DEBUG: true,
      TRACE: true,
    }),
    storeBackend: oneOf(properties, 'dsl.store.suppliers.class', {
      RocksDBDslStoreSuppliers: 'rocksDB',
      InMemoryDslStoreSuppliers: 'inMemory',
    } as const),
  };
}
