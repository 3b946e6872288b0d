import { consumerConfig } from '../../api/config/client-checks.ts';
import type { ConsumerConfig } from '../../api/config/client-config.ts';
import { assert } from '../../base/assert.ts';
import type { NodeId } from '../../sim/event.ts';

/** How a client connects and waits, by keys that all clients have. */
export type Patience = Pick<
  ConsumerConfig,
  | 'request.timeout.ms'
  | 'reconnect.backoff.ms'
  | 'reconnect.backoff.max.ms'
  | 'socket.connection.setup.timeout.ms'
  | 'socket.connection.setup.timeout.max.ms'
  | 'connections.max.idle.ms'
  | 'retry.backoff.ms'
  | 'retry.backoff.max.ms'
  | 'metadata.max.age.ms'
>;

export interface NetworkSettings {
  readonly clientId: string;
  readonly config: Patience;
  /** Where each broker that is known from the start runs. */
  readonly bootstrap: readonly (readonly [brokerId: number, node: NodeId])[];
  /** Whether asking for a topic makes it, if brokers have `auto.create.topics.enable`. */
  readonly autoCreateTopics: boolean;
  readonly maxInFlight: number;
}

const consumer = consumerConfig({});
assert(consumer.ok, 'a consumer can do with its defaults');

/** Of an administrator's client, whose defaults are a consumer's but for one (`AdminClientConfig`). */
export const ADMIN_PATIENCE: Patience = Object.freeze({
  ...consumer.value,
  'connections.max.idle.ms': 300_000,
});
