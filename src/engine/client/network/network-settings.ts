import type { ConsumerConfig } from '../../api/config/client-config.ts';
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

/** Of an administrator's client (`AdminClientConfig`). */
export const ADMIN_PATIENCE: Patience = Object.freeze({
  'request.timeout.ms': 30_000,
  'reconnect.backoff.ms': 50,
  'reconnect.backoff.max.ms': 1_000,
  'socket.connection.setup.timeout.ms': 10_000,
  'socket.connection.setup.timeout.max.ms': 30_000,
  'connections.max.idle.ms': 300_000,
  'retry.backoff.ms': 100,
  'retry.backoff.max.ms': 1_000,
  'metadata.max.age.ms': 300_000,
});
