import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { parseConfig } from '../api/config/config-key.ts';
import { assert, InvariantError } from '../base/assert.ts';
import { emptyImage } from '../metadata/metadata-image.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from '../protocol/broker-heartbeat.ts';
import type { ApiName, RequestMessage, ResponseBody, ResponseMessage } from '../protocol/message.ts';
import { describeQuorum } from '../raft/describe-quorum.ts';
import {
  isRaftRequest,
  isRaftTimer,
  onRaftDisconnect,
  onRaftRequest,
  onRaftResponse,
  onRaftTimer,
  openRaft,
  startRaft,
  stepDown,
} from '../raft/raft-node.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext, Program } from '../sim/node-context.ts';
import { alterClientQuotas } from './alter-client-quotas.ts';
import { alterConfigs, incrementalAlterConfigs } from './alter-configs.ts';
import { alterPartition } from './alter-partition.ts';
import { MIN_ISR } from './bootstrap-records.ts';
import { brokerHeartbeat } from './broker-heartbeat.ts';
import { changeTopics } from './change-topics.ts';
import { answerCommitted, commit } from './commit.ts';
import type { ControllerConfig, ControllerMemory } from './controller-state.ts';
import type { Decision } from './decision.ts';
import { electLeaders } from './elect-leaders.ts';
import { leaderAndIsrUpdates } from './leadership.ts';
import { listPartitionReassignments } from './list-partition-reassignments.ts';
import { runPeriodicTask } from './periodic-tasks.ts';
import { allocateProducerIds } from './producer-ids.ts';
import { followQuorum } from './quorum.ts';
import { raftOptions } from './raft-options.ts';
import { alterPartitionReassignments } from './reassign-partitions.ts';
import { registerBroker } from './register-broker.ts';
import { assignReplicasToDirs } from './replica-directories.ts';
import { outOfTime } from './out-of-time.ts';
import { respondNotController } from './respond.ts';
import { touch } from './sessions.ts';
import { unregisterBroker } from './unregister-broker.ts';
import { updateFeatures } from './update-features.ts';

/**
 * A controller (KRaft): a voter of the quorum that replicates the metadata log. The one that leads it is active: it
 * decides who leads what. What it answers is committed, so whoever is active next goes on from there; only heartbeats are
 * forgotten.
 */
export const controllerProgram: Program<ControllerConfig, ControllerMemory> = {
  kind: 'controller',

  start(context, config) {
    const memory = newMemory(context, config);
    startRaft(memory.raft, context);
    followQuorum(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    const arrived = message as RequestMessage | ResponseMessage;
    if (arrived.kind === 'response') onRaftResponse(memory.raft, context, connection, arrived);
    else if (isRaftRequest(arrived)) onRaftRequest(memory.raft, context, connection, arrived);
    else onRequest(memory, context, connection, arrived);
    followQuorum(memory, context);
  },

  onTimer(memory, context, name) {
    if (isRaftTimer(name)) onRaftTimer(memory.raft, context, name);
    else runPeriodicTask(memory, context, name);
    followQuorum(memory, context);
  },

  onDisconnect(memory, context, connection) {
    onRaftDisconnect(memory.raft, context, connection);
    followQuorum(memory, context);
  },

  onSignal(memory, context, signal) {
    if (signal.type !== 'terminate') return;
    stepDown(memory.raft, context);
    followQuorum(memory, context);
    context.exit();
  },
};

function newMemory(context: NodeContext, settings: ControllerConfig): ControllerMemory {
  const { clusterId, overrides, features = {} } = settings;
  const config = parseConfig(BROKER_CONFIG, overrides);
  assert(config.ok, 'a controller is given valid configuration', { overrides });
  return {
    clusterId,
    config: config.value,
    overrides: Object.freeze({ ...overrides }),
    features,
    raft: openRaft(context, raftOptions(context, settings, config.value)),
    committed: emptyImage(),
    bytesSinceSnapshot: 0,
    activeEpoch: -1,
    image: emptyImage(),
    sessions: new Map(),
    mutations: new Map(),
    deferred: [],
  };
}

function onRequest(
  memory: ControllerMemory,
  context: NodeContext,
  connection: ConnectionId,
  message: RequestMessage,
): void {
  const { api, correlationId } = message;
  if (memory.activeEpoch < 0) respondNotController(context, { connection, correlationId });
  else {
    const isLate = 'timeoutMs' in message.body && message.body.timeoutMs <= 0;
    const body = (isLate ? outOfTime(message) : undefined) ?? handle(memory, context, message);
    answerCommitted(memory, { connection, correlationId, api, body });
  }
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
    case 'AssignReplicasToDirs':
      return done(assignReplicasToDirs(memory, message.body));
    case 'CreateTopics':
    case 'DeleteTopics':
    case 'CreatePartitions':
      return changeTopics(memory, context, message);
    case 'IncrementalAlterConfigs':
      return changeConfigs(memory, context, incrementalAlterConfigs(memory, message.body));
    case 'AlterConfigs':
      return changeConfigs(memory, context, alterConfigs(memory, message.body));
    case 'AlterClientQuotas':
      return done(alterClientQuotas(memory, message.body));
    case 'ElectLeaders':
      return done(electLeaders(memory, message.body));
    case 'AlterPartitionReassignments':
      return done(alterPartitionReassignments(memory, message.body));
    case 'ListPartitionReassignments':
      return listPartitionReassignments(memory, message.body);
    case 'DescribeQuorum':
      return describeQuorum(memory.raft, context, message.body);
    case 'UpdateFeatures':
      return done(updateFeatures(memory, message.body));
    case 'UnregisterBroker':
      return done(unregisterBroker(memory, message.body));
    case 'AllocateProducerIds':
      return done(allocateProducerIds(memory, message.body));
    default:
      throw new InvariantError('the controller does not serve this', { api: message.api });
  }
}

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

function changeConfigs<Response>(
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
