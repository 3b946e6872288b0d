import { err, ok, type Result } from '../../base/result.ts';
import { CONSUMER_CONFIG } from './client-config.ts';
import { parseConfig, text, type ConfigOf, type ConfigOverrides } from './config-key.ts';

/** Keys of consumers that are refused in a share group (`ShareConsumerConfig`). */
const UNSUPPORTED = [
  'auto.offset.reset',
  'enable.auto.commit',
  'group.instance.id',
  'isolation.level',
  'partition.assignment.strategy',
  'session.timeout.ms',
  'heartbeat.interval.ms',
  'group.protocol',
  'group.remote.assignor',
] as const;

const COMMON = [
  'max.poll.interval.ms',
  'max.poll.records',
  'client.rack',
  'fetch.min.bytes',
  'fetch.max.wait.ms',
  'fetch.max.bytes',
  'allow.auto.create.topics',
  'request.timeout.ms',
  'retry.backoff.ms',
  'retry.backoff.max.ms',
  'metadata.max.age.ms',
  'reconnect.backoff.ms',
  'reconnect.backoff.max.ms',
  'socket.connection.setup.timeout.ms',
  'socket.connection.setup.timeout.max.ms',
  'connections.max.idle.ms',
] as const;

type Common = Pick<typeof CONSUMER_CONFIG, (typeof COMMON)[number]>;

const tableOf = () =>
  ({
    ...(Object.fromEntries(COMMON.map((key) => [key, CONSUMER_CONFIG[key]])) as Common),
    'share.acknowledgement.mode': text('implicit', { rule: 'acknowledgement-mode' }),
    'share.acquire.mode': text('BATCH_OPTIMIZED', { rule: 'acquire-mode' }),
  }) as const;

/** Keys of a consumer of a share group (KIP-932), defaults of Apache Kafka 4.x. */
export const SHARE_CONSUMER_CONFIG = /* @__PURE__ */ tableOf();

export type ShareConsumerConfig = ConfigOf<typeof SHARE_CONSUMER_CONFIG>;

/** What Kafka says of keys that mean nothing in a share group; null if none is written. */
export function refusedInShareGroup(written: ConfigOverrides): string | null {
  const misplaced = UNSUPPORTED.filter((key) => Object.hasOwn(written, key));
  return misplaced.length === 0 ? null : `${misplaced.join(', ')} cannot be set when using a share group.`;
}

/** The configuration that a consumer of a share group works with. The error is one sentence. */
export function shareConsumerConfig(written: ConfigOverrides): Result<ShareConsumerConfig, string> {
  const misplaced = refusedInShareGroup(written);
  if (misplaced !== null) return err(misplaced);
  const parsed = parseConfig(SHARE_CONSUMER_CONFIG, written);
  return parsed.ok ? ok(Object.freeze(parsed.value)) : parsed;
}
