import { err, ok, type Result } from '../../base/result.ts';
import {
  CONSUMER_CONFIG,
  PRODUCER_CONFIG,
  STREAMS_CONFIG,
  type ConsumerConfig,
  type ProducerConfig,
  type StreamsConfig,
} from './client-config.ts';
import {
  parseConfig,
  type ConfigOf,
  type ConfigOverrides,
  type ConfigTable,
  type ConfigValue,
} from './config-key.ts';

/** A client that Kafka refuses to construct. */
export interface ConfigRefusal {
  readonly exception: 'ConfigException' | 'InvalidConfigurationException';
  readonly message: string;
}

type Values = Readonly<Record<string, ConfigValue>>;
type Checked = Result<Values, ConfigRefusal>;

/** The configuration that a producer works with. The error is one sentence. */
export const producerConfig = (written: ConfigOverrides): Result<ProducerConfig, string> =>
  clientConfig(PRODUCER_CONFIG, written, producerValues);

/**
 * The configuration that a consumer works with, which has a group unless it is told otherwise. The error is one sentence.
 */
export function consumerConfig(written: ConfigOverrides): Result<ConsumerConfig, string> {
  const checked = clientConfig(CONSUMER_CONFIG, written, consumerValues);
  return checked.ok ? heartbeatsInTime(checked.value) : checked;
}

/** `transaction.timeout.ms` of the producers of exactly_once_v2 (`StreamsConfig.DEFAULT_TRANSACTION_TIMEOUT`). */
export const STREAMS_TRANSACTION_TIMEOUT_MS = 10_000;
/** `commit.interval.ms` under exactly_once_v2, unless it is written (`EOS_DEFAULT_COMMIT_INTERVAL_MS`). */
const EXACTLY_ONCE_COMMIT_INTERVAL = '100';

/** The configuration that an instance of an application works with. The error is one sentence. */
export function streamsInstanceConfig(written: ConfigOverrides): Result<StreamsConfig, string> {
  const exactlyOnce = written['processing.guarantee'] === 'exactly_once_v2';
  const parsed = parseConfig(
    STREAMS_CONFIG,
    exactlyOnce ? { 'commit.interval.ms': EXACTLY_ONCE_COMMIT_INTERVAL, ...written } : written,
  );
  if (!parsed.ok) return parsed;
  const interval = parsed.value['commit.interval.ms'];
  if (exactlyOnce && interval > STREAMS_TRANSACTION_TIMEOUT_MS)
    return err(
      `Transaction timeout ${STREAMS_TRANSACTION_TIMEOUT_MS} is lower than the commit interval ${interval}, so every transaction would time out`,
    );
  return heartbeatsInTime(parsed.value);
}

interface Heartbeats {
  readonly 'heartbeat.interval.ms': number;
  readonly 'session.timeout.ms': number;
}

/** A member that may be silent for a whole session would be thrown out (constructor of `Heartbeat`). */
const heartbeatsInTime = <T extends Heartbeats>(config: T): Result<T, string> =>
  config['heartbeat.interval.ms'] < config['session.timeout.ms']
    ? ok(config)
    : err('Heartbeat must be set lower than the session timeout');

function clientConfig<T extends ConfigTable>(
  table: T,
  written: ConfigOverrides,
  check: (parsed: Values, written: ConfigOverrides) => Checked,
): Result<ConfigOf<T>, string> {
  const parsed = parseConfig(table, written);
  if (!parsed.ok) return parsed;
  const checked = check(parsed.value, written);
  return checked.ok ? ok(Object.freeze(checked.value) as ConfigOf<T>) : err(checked.error.message);
}

const INT_MAX = 2 ** 31 - 1;
const MAX_IN_FLIGHT_FOR_IDEMPOTENCE = 5;

const refuse = (message: string): Checked => err({ exception: 'ConfigException', message });

/** A user wrote it, whatever the value. */
const isWritten = (written: ConfigOverrides, key: string): boolean => Object.hasOwn(written, key);

/**
 * The values that a producer works with: what depends on other keys is worked out, and what contradicts is refused
 * (`ProducerConfig.postProcessParsedConfig`, `KafkaProducer.configureDeliveryTimeout`).
 */
export function producerValues(parsed: Values, written: ConfigOverrides): Checked {
  const values = { ...parsed, ...reconnectBackoff(parsed, written) };
  values.acks = String(parsed.acks).toLowerCase() === 'all' ? '-1' : String(parsed.acks);
  const idempotence = idempotenceOf(values, written);
  if (!idempotence.ok) return idempotence;
  values['enable.idempotence'] = idempotence.value;
  if (!idempotence.value && isWritten(written, 'transactional.id'))
    return refuse('Cannot set a transactional.id without also enabling idempotence.');
  if (values['transaction.two.phase.commit.enable'] === true && isWritten(written, 'transaction.timeout.ms'))
    return refuse(
      'Cannot set transaction.timeout.ms when transaction.two.phase.commit.enable is set to true. ' +
        'Transactions will not expire with two-phase commit enabled.',
    );
  const timeout = deliveryTimeout(values, written);
  if (timeout === undefined)
    return refuse('delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms');
  values['delivery.timeout.ms'] = timeout;
  return ok(values);
}

/** Idempotence that nobody asked for gives way to other settings, but for too many requests in flight. */
function idempotenceOf(values: Values, written: ConfigOverrides): Result<boolean, ConfigRefusal> {
  if (values['enable.idempotence'] !== true) return ok(false);
  const asked = isWritten(written, 'enable.idempotence');
  const conflicts: string[] = [];
  if (values.retries === 0)
    conflicts.push('Must set retries to non-zero when using the idempotent producer.');
  if (values.acks !== '-1')
    conflicts.push(
      'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
    );
  const [first] = conflicts;
  if (asked && first !== undefined) return err({ exception: 'ConfigException', message: first });
  const inFlight = Number(values['max.in.flight.requests.per.connection']);
  if (inFlight > MAX_IN_FLIGHT_FOR_IDEMPOTENCE) {
    const message =
      'To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. ' +
      `Current value is ${inFlight}.`;
    return err({ exception: 'ConfigException', message });
  }
  return ok(conflicts.length === 0);
}

/** In ms; undefined if what was written leaves no time for waiting and one request. */
function deliveryTimeout(values: Values, written: ConfigOverrides): number | undefined {
  const linger = Math.min(Number(values['linger.ms']), INT_MAX);
  const least = Math.min(linger + Number(values['request.timeout.ms']), INT_MAX);
  const timeout = Number(values['delivery.timeout.ms']);
  if (timeout >= least) return timeout;
  return isWritten(written, 'delivery.timeout.ms') ? undefined : least;
}

/** Who sets only the first backoff wants it always (`CommonClientConfigs.postProcessReconnectBackoffConfigs`). */
function reconnectBackoff(parsed: Values, written: ConfigOverrides): Record<string, ConfigValue> {
  const backoff = parsed['reconnect.backoff.ms'];
  const grows = isWritten(written, 'reconnect.backoff.max.ms') || !isWritten(written, 'reconnect.backoff.ms');
  return grows || backoff === undefined ? {} : { 'reconnect.backoff.max.ms': backoff };
}

/** Keys that mean nothing under a group protocol and are refused there, in Kafka's order. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  CLASSIC: ['group.remote.assignor', 'share.acknowledgement.mode', 'share.acquire.mode'],
  CONSUMER: [
    'partition.assignment.strategy',
    'heartbeat.interval.ms',
    'session.timeout.ms',
    'share.acknowledgement.mode',
    'share.acquire.mode',
  ],
};

/** The values that a consumer works with (`ConsumerConfig.postProcessParsedConfig`). */
export function consumerValues(parsed: Values, written: ConfigOverrides): Checked {
  const values = { ...parsed, ...reconnectBackoff(parsed, written) };
  if (parsed['group.id'] === null) {
    if (!isWritten(written, 'enable.auto.commit')) values['enable.auto.commit'] = false;
    else if (parsed['enable.auto.commit'] === true)
      return err({
        exception: 'InvalidConfigurationException',
        message: 'enable.auto.commit cannot be set to true when default group id (null) is used.',
      });
  }
  const protocol = String(parsed['group.protocol'] ?? 'classic').toUpperCase();
  const misplaced = (UNSUPPORTED[protocol] ?? []).filter((key) => (written[key] ?? '').trim() !== '');
  if (misplaced.length > 0)
    return refuse(`${misplaced.join(', ')} cannot be set when group.protocol=${protocol}`);
  return ok(values);
}
