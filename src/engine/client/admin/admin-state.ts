import { millis, type SimTime } from '../../base/time.ts';
import type { ConsumerConfig } from '../../api/config/client-config.ts';
import type { CreateTopicsRequestTopic, CreateTopicsResponseTopic } from '../../protocol/create-topics.ts';
import type { IncrementalAlterConfigsRequestResource } from '../../protocol/incremental-alter-configs.ts';
import type { NodeId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { newNetworkClient, NEVER, type NetworkClient } from '../network/network-client.ts';

export interface PartitionOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** `offset` is the log start after a deletion, or what was looked for (−1 if there is none). */
export interface PartitionResult extends PartitionOffset {
  readonly error: number;
  /** ms since 1970 of the record found, −1 if not known. */
  readonly timestamp: number;
}

/** What an administrator may ask for. Plain data. */
export type AdminCall =
  /** Of several topics in one request. */
  | { readonly type: 'create-topics'; readonly topics: readonly CreateTopicsRequestTopic[] }
  /** Names of topics; the answer says which exist and with how many partitions. */
  | { readonly type: 'describe-topics'; readonly topics: readonly string[] }
  | { readonly type: 'alter-configs'; readonly resources: readonly IncrementalAlterConfigsRequestResource[] }
  /** Everything below the offset; −1 for the high watermark. */
  | { readonly type: 'delete-records'; readonly partitions: readonly PartitionOffset[] }
  /** `offset` is what to look for: −1 the latest, −2 the earliest, else the first record not older than this time in ms. */
  | { readonly type: 'list-offsets'; readonly partitions: readonly PartitionOffset[] };

export interface TopicDescription {
  readonly name: string;
  readonly error: number;
  readonly partitions: number;
}

/** The outcome of a call, with its token. `error` is that of the whole call: a time-out, or NONE. */
export type AdminNotice =
  | {
      readonly type: 'topics-created';
      readonly token: number;
      readonly error: number;
      readonly topics: readonly CreateTopicsResponseTopic[];
    }
  | {
      readonly type: 'topics-described';
      readonly token: number;
      readonly error: number;
      readonly topics: readonly TopicDescription[];
    }
  | {
      readonly type: 'configs-altered';
      readonly token: number;
      readonly error: number;
      readonly errors: readonly number[];
    }
  | {
      readonly type: 'partitions-answered';
      readonly token: number;
      readonly error: number;
      readonly results: readonly PartitionResult[];
    };

export interface PendingCall {
  readonly token: number;
  readonly call: AdminCall;
  readonly deadline: SimTime;
  /** Not sent before; NEVER while under way. */
  notBefore: SimTime;
  /** Partitions that have no answer yet and are not under way (`delete-records`, `list-offsets`). */
  open: readonly PartitionOffset[];
  underWay: number;
  results: PartitionResult[];
  /** Version of the metadata when newer was asked for (`describe-topics`). */
  askedVersion: number;
}

/** What one of its requests was for. */
export type AdminRequest =
  | { readonly type: 'metadata' }
  | { readonly type: 'call'; readonly token: number }
  | { readonly type: 'partitions'; readonly token: number; readonly asked: readonly PartitionOffset[] };

/** An administrator's client (`KafkaAdminClient`) as plain data. */
export interface Admin {
  readonly network: NetworkClient<AdminRequest>;
  readonly retryBackoffMs: number;
  readonly apiTimeoutMs: number;
  calls: PendingCall[];
  nextToken: number;
  wakeAt: SimTime;
  notices: AdminNotice[];
}

export interface AdminOptions {
  readonly prefix: string;
  readonly clientId: string;
  readonly bootstrap: readonly (readonly [brokerId: number, node: NodeId])[];
  /** Its timeouts and backoffs have the names and defaults of a consumer's. */
  readonly config: ConsumerConfig;
}

const MAX_IN_FLIGHT = 100;

export const createAdmin = ({ prefix, clientId, bootstrap, config }: AdminOptions): Admin => ({
  network: newNetworkClient(prefix, {
    clientId,
    bootstrap,
    config,
    autoCreateTopics: false,
    maxInFlight: MAX_IN_FLIGHT,
  }),
  retryBackoffMs: config['retry.backoff.ms'],
  apiTimeoutMs: config['default.api.timeout.ms'],
  calls: [],
  nextToken: 1,
  wakeAt: NEVER,
  notices: [],
});

/** Makes the client look at what is due no later than `at`. */
export function armAdmin(admin: Admin, context: NodeContext, at: SimTime): void {
  if (at >= admin.wakeAt) return;
  admin.wakeAt = at;
  context.setTimer(`${admin.network.prefix}:admin`, Math.max(at - context.now(), 0));
}

/** The call has its outcome. */
export function end(admin: Admin, notice: AdminNotice): void {
  admin.calls = admin.calls.filter(({ token }) => token !== notice.token);
  admin.notices.push(Object.freeze(notice));
}

/** The call is taken up again after `retry.backoff.ms`. */
export function retryLater(admin: Admin, context: NodeContext, pending: PendingCall): void {
  pending.notBefore = context.now() + millis(admin.retryBackoffMs);
  armAdmin(admin, context, pending.notBefore);
}
