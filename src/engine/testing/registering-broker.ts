import { ensure } from '../base/assert.ts';
import { millis } from '../base/time.ts';
import { emptyImage, type MetadataImage } from '../metadata/metadata-image.ts';
import { METADATA_TOPIC_ID } from '../metadata/metadata-log.ts';
import { replayBatches } from '../metadata/replay.ts';
import type { BrokerHeartbeatResponse } from '../protocol/broker-heartbeat.ts';
import type { BrokerRegistrationResponse } from '../protocol/broker-registration.ts';
import { NONE } from '../protocol/errors.ts';
import type { FetchResponse } from '../protocol/fetch.ts';
import { APIS, type ApiName, type RequestBody, type ResponseMessage } from '../protocol/message.ts';
import { randomUuid, type Uuid } from '../protocol/uuid.ts';
import type { ConnectionId, NodeId } from '../sim/event.ts';
import type { NodeContext, Program, Signal } from '../sim/node-context.ts';

/** A broker without logs: it registers, sends heartbeats, follows the metadata log and stops in order. For tests only. */
export interface RegisteringBrokerConfig {
  readonly brokerId: number;
  readonly controller: NodeId;
  readonly clusterId: string;
}

export interface RegisteringBrokerMemory {
  readonly config: RegisteringBrokerConfig;
  readonly incarnationId: Uuid;
  readonly image: MetadataImage;
  connection: ConnectionId;
  correlationId: number;
  brokerEpoch: number;
  stopping: boolean;
  /** Answers to requests that a test asked it to send, in order of arrival. */
  readonly answers: ResponseMessage[];
  /** Error codes of its registrations, in order. */
  readonly registrations: number[];
}

/** Makes the broker send any request to the controller. */
export interface SendSignal<A extends ApiName = ApiName> extends Signal {
  readonly type: 'send';
  readonly api: A;
  readonly body: RequestBody<A>;
}

const CLEAN_SHUTDOWN = 'clean-shutdown';
const HEARTBEAT = millis(2_000);
const RETRY = millis(500);

export const registeringBrokerProgram: Program<RegisteringBrokerConfig, RegisteringBrokerMemory> = {
  kind: 'registering-broker',

  start(context, config) {
    const memory: RegisteringBrokerMemory = {
      config,
      incarnationId: randomUuid(context.prng('incarnation')),
      image: emptyImage(),
      connection: context.connect(config.controller),
      correlationId: 0,
      brokerEpoch: -1,
      stopping: false,
      answers: [],
      registrations: [],
    };
    register(memory, context);
    fetchMetadata(memory, context);
    return memory;
  },

  onMessage(memory, context, _connection, message) {
    const response = message as ResponseMessage;
    if (response.api === 'BrokerRegistration') onRegistered(memory, context, response.body);
    else if (response.api === 'BrokerHeartbeat') onHeartbeat(memory, context, response.body);
    else if (response.api === 'Fetch') onMetadata(memory, context, response.body);
    else memory.answers.push(response);
  },

  onTimer(memory, context, name) {
    if (name === 'register') register(memory, context);
    else if (name === 'heartbeat') heartbeat(memory, context);
    else reconnect(memory, context);
  },

  onDisconnect(_memory, context) {
    context.setTimer('reconnect', RETRY);
  },

  onSignal(memory, context, signal) {
    if (signal.type === 'send') {
      const { api, body } = signal as SendSignal;
      send(memory, context, api, body);
      return;
    }
    memory.stopping = true;
    heartbeat(memory, context);
  },
};

function send<A extends ApiName>(
  memory: RegisteringBrokerMemory,
  context: NodeContext,
  api: A,
  body: RequestBody<A>,
): void {
  const correlationId = ++memory.correlationId;
  const { version } = APIS[api];
  const message = { kind: 'request', api, version, correlationId, clientId: context.self, body };
  context.send(memory.connection, message, 100);
}

function reconnect(memory: RegisteringBrokerMemory, context: NodeContext): void {
  memory.connection = context.connect(memory.config.controller);
  if (memory.brokerEpoch < 0) register(memory, context);
  else heartbeat(memory, context);
  fetchMetadata(memory, context);
}

function register(memory: RegisteringBrokerMemory, context: NodeContext): void {
  const { brokerId, clusterId } = memory.config;
  const clean = context.disk.values.get(CLEAN_SHUTDOWN) as { readonly brokerEpoch: number } | undefined;
  send(memory, context, 'BrokerRegistration', {
    brokerId,
    clusterId,
    incarnationId: memory.incarnationId,
    rack: null,
    logDirs: [],
    previousBrokerEpoch: clean?.brokerEpoch ?? -1,
  });
}

function onRegistered(
  memory: RegisteringBrokerMemory,
  context: NodeContext,
  response: BrokerRegistrationResponse,
): void {
  memory.registrations.push(response.errorCode);
  if (response.errorCode !== NONE) {
    context.setTimer('register', RETRY);
    return;
  }
  context.disk.values.delete(CLEAN_SHUTDOWN);
  memory.brokerEpoch = response.brokerEpoch;
  heartbeat(memory, context);
}

function heartbeat(memory: RegisteringBrokerMemory, context: NodeContext): void {
  context.setTimer('heartbeat', HEARTBEAT);
  send(memory, context, 'BrokerHeartbeat', {
    brokerId: memory.config.brokerId,
    brokerEpoch: memory.brokerEpoch,
    currentMetadataOffset: memory.image.offset,
    wantFence: false,
    wantShutDown: memory.stopping,
  });
}

function onHeartbeat(
  memory: RegisteringBrokerMemory,
  context: NodeContext,
  response: BrokerHeartbeatResponse,
): void {
  if (!response.shouldShutDown) return;
  context.disk.values.set(CLEAN_SHUTDOWN, Object.freeze({ brokerEpoch: memory.brokerEpoch }));
  context.exit();
}

function fetchMetadata(memory: RegisteringBrokerMemory, context: NodeContext): void {
  const partition = {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset: memory.image.offset + 1,
    lastFetchedEpoch: memory.image.epoch,
    logStartOffset: 0,
    partitionMaxBytes: 1_048_576,
  };
  send(memory, context, 'Fetch', {
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 8_388_608,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
    forgottenTopicsData: [],
    rackId: '',
    replicaState: { replicaId: memory.config.brokerId, replicaEpoch: memory.brokerEpoch },
  });
}

function onMetadata(memory: RegisteringBrokerMemory, context: NodeContext, response: FetchResponse): void {
  const partition = ensure(response.responses[0]?.partitions[0], 'metadata partition');
  replayBatches(memory.image, partition.records ?? []);
  fetchMetadata(memory, context);
}
