import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { parseConfig } from '../api/config/config-key.ts';
import { assert, InvariantError } from '../base/assert.ts';
import { below } from '../base/prng.ts';
import { emptyImage } from '../metadata/metadata-image.ts';
import { CONFIG_RESOURCE, type MetadataRecord } from '../metadata/metadata-record.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from '../protocol/broker-heartbeat.ts';
import type { ApiName, RequestMessage, ResponseBody } from '../protocol/message.ts';
import { randomUuid } from '../protocol/uuid.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext, Program } from '../sim/node-context.ts';
import { incrementalAlterConfigs } from './alter-configs.ts';
import { alterPartition } from './alter-partition.ts';
import { brokerHeartbeat } from './broker-heartbeat.ts';
import { commit, openSessions, replayBatch } from './commit.ts';
import type { ControllerConfig, ControllerMemory } from './controller-state.ts';
import { createPartitions } from './create-partitions.ts';
import { createTopics } from './create-topics.ts';
import type { Decision } from './decision.ts';
import { deleteTopics } from './delete-topics.ts';
import { electLeaders } from './elect-leaders.ts';
import { leaderAndIsrUpdates } from './leadership.ts';
import { completeFetches, FETCH_TIMER, forgetFetches, onFetch, onFetchTimer } from './metadata-fetch.ts';
import { nextLeaderEpoch, readMetadataLog } from './metadata-log-file.ts';
import { runPeriodicTask, startPeriodicTasks } from './periodic-tasks.ts';
import { allocateProducerIds } from './producer-ids.ts';
import { alterPartitionReassignments } from './reassign-partitions.ts';
import { registerBroker } from './register-broker.ts';
import { respond } from './respond.ts';
import { touch } from './sessions.ts';

/**
 * The controller (KRaft) as the only voter of its quorum: it keeps the metadata log on its disk, decides who leads what,
 * and serves the log to brokers. What it answers is in the log, so after a crash it goes on from there; only heartbeats
 * are forgotten.
 */
export const controllerProgram: Program<ControllerConfig, ControllerMemory> = {
  kind: 'controller',

  start(context, config) {
    const memory = newMemory(context, config);
    for (const batch of readMetadataLog(context.disk)) replayBatch(memory, batch);
    openSessions(memory, context.now());
    if (memory.image.offset < 0)
      commit(memory, context, { records: bootstrapRecords(memory, config), facts: [] });
    startPeriodicTasks(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    onRequest(memory, context, connection, message as RequestMessage);
  },

  onTimer(memory, context, name) {
    if (name.startsWith(FETCH_TIMER)) onFetchTimer(memory, context, name);
    else runPeriodicTask(memory, context, name);
  },

  onDisconnect(memory, context, connection) {
    forgetFetches(memory, context, connection);
  },

  onSignal(memory, context, signal) {
    if (signal.type !== 'terminate') return;
    completeFetches(memory, context);
    context.exit();
  },
};

function newMemory(
  context: NodeContext,
  { nodeId, clusterId, overrides }: ControllerConfig,
): ControllerMemory {
  const config = parseConfig(BROKER_CONFIG, overrides);
  assert(config.ok, 'a controller is given valid configuration', { overrides });
  return {
    nodeId,
    clusterId,
    config: config.value,
    overrides: Object.freeze({ ...overrides }),
    leaderEpoch: nextLeaderEpoch(context.disk),
    image: emptyImage(),
    sessions: new Map(),
    parkedFetches: [],
  };
}

/** Levels of features in a new cluster of Apache Kafka 4.4.0. */
const RELEASE_FEATURES: Readonly<Record<string, number>> = {
  'metadata.version': 33,
  'group.version': 1,
  'transaction.version': 2,
  'eligible.leader.replicas.version': 1,
  'share.version': 2,
  'streams.version': 1,
};

/** What a new cluster begins with: eligible leader replicas need one `min.insync.replicas` for all brokers (KIP-966). */
const bootstrapRecords = ({ config }: ControllerMemory, { features }: ControllerConfig): MetadataRecord[] => [
  ...Object.entries({ ...RELEASE_FEATURES, ...features }).map(([name, featureLevel]) => ({
    type: 'FeatureLevelRecord' as const,
    name,
    featureLevel,
  })),
  {
    type: 'ConfigRecord',
    resourceType: CONFIG_RESOURCE.BROKER,
    resourceName: '',
    name: MIN_ISR,
    value: `${config[MIN_ISR]}`,
  },
];

const MIN_ISR = 'min.insync.replicas';

function onRequest(
  memory: ControllerMemory,
  context: NodeContext,
  connection: ConnectionId,
  message: RequestMessage,
): void {
  if (message.api === 'Fetch') {
    onFetch(memory, context, connection, message);
    return;
  }
  const { api, correlationId } = message;
  respond(context, { connection, correlationId, api }, handle(memory, context, message));
}

function handle(
  memory: ControllerMemory,
  context: NodeContext,
  message: RequestMessage,
): ResponseBody<ApiName> {
  const done = <Response>(decision: Decision<Response>): Response => {
    commit(memory, context, decision);
    return decision.response;
  };
  switch (message.api) {
    case 'BrokerRegistration':
      return done(registerBroker(memory, message.body, context.now()));
    case 'BrokerHeartbeat':
      return heartbeat(memory, context, message.body);
    case 'AlterPartition':
      return done(alterPartition(memory, message.body));
    case 'CreateTopics':
      return done(createTopics(memory, message.body, topicChance(context)));
    case 'DeleteTopics':
      return done(deleteTopics(memory, message.body));
    case 'CreatePartitions':
      return done(createPartitions(memory, message.body, topicChance(context).draw));
    case 'IncrementalAlterConfigs':
      return alterConfigs(memory, context, incrementalAlterConfigs(memory, message.body));
    case 'ElectLeaders':
      return done(electLeaders(memory, message.body));
    case 'AlterPartitionReassignments':
      return done(alterPartitionReassignments(memory, message.body));
    case 'AllocateProducerIds':
      return done(allocateProducerIds(memory, message.body));
    default:
      throw new InvariantError('the controller does not serve this', { api: message.api });
  }
}

const topicChance = (context: NodeContext) => ({
  draw: (bound: number) => below(context.prng('replica-placer'), bound),
  newTopicId: () => randomUuid(context.prng('topic-id')),
});

function heartbeat(
  memory: ControllerMemory,
  context: NodeContext,
  request: BrokerHeartbeatRequest,
): BrokerHeartbeatResponse {
  const decision = brokerHeartbeat(memory, request);
  commit(memory, context, decision);
  if (decision.next !== undefined) touch(memory, request, decision.next, context.now());
  return decision.response;
}

function alterConfigs<Response>(
  memory: ControllerMemory,
  context: NodeContext,
  decision: Decision<Response>,
): Response {
  commit(memory, context, decision);
  if (decision.records.some(changesMinIsr))
    commit(memory, context, { records: leaderAndIsrUpdates(memory, { kind: 'min-isr-changed' }), facts: [] });
  return decision.response;
}

const changesMinIsr = (record: MetadataRecord): boolean =>
  record.type === 'ConfigRecord' && record.name === MIN_ISR;
