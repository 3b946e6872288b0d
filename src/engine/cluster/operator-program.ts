import type { AdminAct } from '../api/admin-act.ts';
import type { ConfigTarget } from '../api/command.ts';
import type { NodeId } from '../api/ids.ts';
import type { QueryAct } from '../api/query-act.ts';
import type { QuotaKey, QuotaOwner, QuotaSpec } from '../api/quota.ts';
import type { TopicSpec } from '../api/scenario.ts';
import { assert } from '../base/assert.ts';
import { millis } from '../base/time.ts';
import {
  newToolbox,
  onToolDisconnect,
  onToolMessage,
  onToolTimer,
  startTool,
  type Toolbox,
} from '../client/admin/tools/toolbox.ts';
import {
  bodyOf,
  expireRequests,
  isReady,
  newNetworkClient,
  sendRequest,
  takeDisconnect,
  takeResponse,
  type Completion,
  type NetworkClient,
} from '../client/network/network-client.ts';
import { ADMIN_PATIENCE } from '../client/network/network-settings.ts';
import { bootstrapList, type Bootstrap } from '../client/programs/bootstrap.ts';
import {
  newQueryClient,
  onQueryDisconnect,
  onQueryMessage,
  onQueryTimer,
  startQuery,
  type QueryClient,
} from '../client/queries/query-client.ts';
import type { AlterClientQuotasRequest } from '../protocol/alter-client-quotas.ts';
import type { CreateTopicsRequest } from '../protocol/create-topics.ts';
import { ERROR_CODES, errorName, isRetriable, NONE } from '../protocol/errors.ts';
import type { IncrementalAlterConfigsRequest } from '../protocol/incremental-alter-configs.ts';
import type { ResponseMessage } from '../protocol/message.ts';
import type { NodeContext, Program, Signal } from '../sim/node-context.ts';
import { alterConfig, alterQuota, onlyBroker } from './operator-errands.ts';

/** Asks the operator to change a dynamic configuration value. */
export interface AlterConfigSignal extends Signal {
  readonly type: 'alter-config';
  readonly target: Exclude<ConfigTarget, { readonly kind: 'client' }>;
  readonly key: string;
  /** Null: back to the default. */
  readonly value: string | null;
}

/** Asks the operator to change a quota. */
export interface AlterQuotaSignal extends QuotaOwner, Signal {
  readonly type: 'alter-quota';
  readonly key: QuotaKey;
  /** Null takes it away. */
  readonly value: number | null;
}

/** Asks the operator to use one of Kafka's tools. */
export interface UseToolSignal extends Signal {
  readonly type: 'use-tool';
  readonly act: AdminAct;
}

/** Asks the operator to query a store, as with curl. */
export interface QuerySignal extends Signal {
  readonly type: 'query';
  readonly act: QueryAct;
  /** Instances of the application. */
  readonly instances: readonly NodeId[];
}

export interface OperatorConfig {
  readonly bootstrap: Bootstrap;
  /** Made when the operator starts. */
  readonly topics: readonly TopicSpec[];
  /** Set after that. */
  readonly settings: readonly AlterConfigSignal[];
  readonly quotas: readonly QuotaSpec[];
}

/** One request to the cluster, tried until some broker has answered it for good. */
export type Errand =
  | { readonly api: 'CreateTopics'; readonly body: CreateTopicsRequest }
  | { readonly api: 'IncrementalAlterConfigs'; readonly body: IncrementalAlterConfigsRequest }
  | { readonly api: 'AlterClientQuotas'; readonly body: AlterClientQuotasRequest };

export interface OperatorMemory {
  readonly config: OperatorConfig;
  readonly network: NetworkClient<null>;
  readonly errands: Errand[];
  /** Turn among the brokers; moves on after each failure. */
  turn: number;
  busy: boolean;
  /** Null until the first tool is used. */
  tools: Toolbox | null;
  /** Null until the first query. */
  queries: QueryClient | null;
  /** Error names of errands that were refused, newest last. */
  readonly refusals: string[];
}

const RETRY = 'operator:retry';
const RETRY_MS = 200;

/** Works off errands one by one. Its state is lost when it dies: what was not done then is forgotten. */
export const operatorProgram: Program<OperatorConfig, OperatorMemory> = {
  kind: 'operator',

  start(context, config) {
    const memory: OperatorMemory = {
      config,
      network: newNetworkClient('operator', {
        clientId: 'operator',
        bootstrap: bootstrapList(config.bootstrap),
        config: { ...ADMIN_PATIENCE, 'request.timeout.ms': 5_000 },
        autoCreateTopics: false,
        maxInFlight: 1,
      }),
      errands: [
        ...config.topics.map(createTopic),
        ...config.settings.map(alterConfig),
        ...config.quotas.map(alterQuota),
      ],
      turn: 0,
      busy: false,
      tools: null,
      queries: null,
      refusals: [],
    };
    context.setTimer(RETRY, millis(RETRY_MS));
    return memory;
  },

  onMessage(memory, context, connection, message) {
    if (memory.tools !== null && onToolMessage(memory.tools, context, connection, message)) return;
    if (memory.queries !== null && onQueryMessage(memory.queries, context, connection, message)) return;
    const completion = takeResponse(memory.network, context, connection, message as ResponseMessage);
    if (completion !== undefined) finish(memory, context, completion);
  },

  onTimer(memory, context, name) {
    if (name === RETRY) work(memory, context);
    else if (memory.tools !== null && onToolTimer(memory.tools, context, name)) return;
    else if (memory.queries !== null && onQueryTimer(memory.queries, context, name)) return;
    else for (const lost of expireRequests(memory.network, context)) finish(memory, context, lost);
  },

  onDisconnect(memory, context, connection) {
    if (memory.tools !== null && onToolDisconnect(memory.tools, context, connection)) return;
    if (memory.queries !== null && onQueryDisconnect(memory.queries, context, connection)) return;
    for (const lost of takeDisconnect(memory.network, context, connection)) finish(memory, context, lost);
  },

  onSignal(memory, context, signal) {
    if (signal.type === 'use-tool') {
      memory.tools ??= newToolbox(memory.config.bootstrap);
      startTool(memory.tools, context, (signal as UseToolSignal).act);
      return;
    }
    if (signal.type === 'query') {
      const { act, instances } = signal as QuerySignal;
      memory.queries ??= newQueryClient();
      startQuery(memory.queries, context, act, instances);
      return;
    }
    if (signal.type === 'alter-config') memory.errands.push(alterConfig(signal as AlterConfigSignal));
    else if (signal.type === 'alter-quota') memory.errands.push(alterQuota(signal as AlterQuotaSignal));
    else return;
    work(memory, context);
  },
};

const createTopic = (topic: TopicSpec): Errand => ({
  api: 'CreateTopics',
  body: Object.freeze({
    topics: [
      {
        name: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: topic.replicationFactor,
        assignments: [],
        configs: Object.keys(topic.config)
          .sort()
          .map((name) => ({ name, value: topic.config[name] ?? null })),
      },
    ],
    timeoutMs: 5_000,
    validateOnly: false,
  }),
});

/** Sends the first errand that can be done to the broker that it is for, or to the next one; or waits a little. */
function work(memory: OperatorMemory, context: NodeContext): void {
  if (memory.errands.length === 0 || memory.busy) return;
  const { bootstrap } = memory.network.settings;
  const next = bootstrap[memory.turn % bootstrap.length]?.[0];
  assert(next !== undefined, 'the operator knows a broker');
  const destinationOf = (errand: Errand): number =>
    errand.api === 'IncrementalAlterConfigs' ? (onlyBroker(errand.body) ?? next) : next;
  const isNow = (errand: Errand): boolean => isReady(memory.network, context, destinationOf(errand));
  const errand = memory.errands.find(isNow);
  if (errand === undefined) {
    retry(memory, context);
    return;
  }
  memory.errands.splice(memory.errands.indexOf(errand), 1);
  memory.errands.unshift(errand);
  memory.busy = true;
  const destination = destinationOf(errand);
  const { api, body } = errand;
  sendRequest(memory.network, context, { destination, api, body, context: null });
}

function retry(memory: OperatorMemory, context: NodeContext): void {
  memory.turn += 1;
  context.setTimer(RETRY, millis(RETRY_MS));
}

function finish(memory: OperatorMemory, context: NodeContext, completion: Completion<null>): void {
  memory.busy = false;
  const error = completion.error === NONE ? errorOf(completion) : completion.error;
  if (mayHelpLater(error)) {
    retry(memory, context);
    return;
  }
  memory.errands.shift();
  if (error !== NONE && error !== ERROR_CODES.TOPIC_ALREADY_EXISTS) memory.refusals.push(errorName(error));
  work(memory, context);
}

/** Brokers that are still starting make a replication factor impossible for now, and cannot be configured. */
const mayHelpLater = (error: number): boolean =>
  isRetriable(error) ||
  error === ERROR_CODES.INVALID_REPLICATION_FACTOR ||
  error === ERROR_CODES.BROKER_ID_NOT_REGISTERED;

function errorOf(completion: Completion<null>): number {
  const created = bodyOf(completion, 'CreateTopics');
  const altered = bodyOf(completion, 'IncrementalAlterConfigs');
  const limited = bodyOf(completion, 'AlterClientQuotas');
  const first = created?.topics[0] ?? altered?.responses[0] ?? limited?.entries[0];
  return first?.errorCode ?? NONE;
}
