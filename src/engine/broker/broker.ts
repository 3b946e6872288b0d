import { logDirsOf } from '../api/config/broker-config.ts';
import { newTransactionCoordinator } from '../coordinator/transaction/coordinator-state.ts';
import {
  TRANSACTION_TIMER_PREFIX,
  type TransactionTimer,
} from '../coordinator/transaction/transaction-host.ts';
import { newGroupCoordinator } from '../coordinator/group/shard-state.ts';
import type { GroupTimer } from '../coordinator/group/group-timer.ts';
import { emptyImage } from '../metadata/metadata-image.ts';
import type { RequestMessage, ResponseMessage } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext, Program } from '../sim/node-context.ts';
import { ALTER_PARTITION_TIMER, sendIsrChanges } from './alter-partition.ts';
import type { Broker, BrokerMemory, BrokerProgramConfig } from './broker-memory.ts';
import { newControllerChannels } from './controller-channel.ts';
import { newControllerQuorum } from './controller-quorum.ts';
import { onControllerLost, onControllerResponse } from './controller-responses.ts';
import { LOADING_TIMER, type LoadingPartition } from './coordinator-loading.ts';
import {
  isCoordinatorTimer,
  onCoordinatorLoaded,
  onCoordinatorTimer,
  tellHighWatermark,
} from './coordinator-bridge.ts';
import { effectiveBrokerConfig } from './effective-config.ts';
import { FORWARD_TIMER, resendForwards } from './forward.ts';
import {
  communicate,
  isLifecycleTimer,
  isServing,
  newLifecycle,
  onLifecycleTimer,
  terminate,
} from './lifecycle.ts';
import { noticeFailures, onDirectoryTimer } from './log-dir-failure.ts';
import { openDirectories } from './log-directories.ts';
import { isCleanerTimer, onCleanerTimer, startCleaner } from './log-cleaner.ts';
import { fetchMetadata, METADATA_FETCH_TIMER, onMetadataFetchTimer } from './metadata-follower.ts';
import { runPeriodicTask, startPeriodicTasks } from './periodic-tasks.ts';
import { appended } from './produce.ts';
import { isPurgatoryTimer, onPurgatoryTimer } from './purgatory.ts';
import {
  fetcherByConnection,
  isFetcherTimer,
  onFetcherLost,
  onFetcherResponse,
  onFetcherTimer,
} from './replica-fetcher.ts';
import { route } from './request-router.ts';
import { onBrokerAnswer, onBrokerLost, onBrokerSilent } from './broker-answers.ts';
import { THROTTLE_TIMER } from './quota-hooks.ts';
import { brokerChannelOf, isBrokerChannelTimer } from './broker-channel.ts';
import { tellTransactionTimer } from './transaction-bridge.ts';
import { isVerificationTimer, resumeVerified, verifyAgain } from './verified-requests.ts';
import { onShareTimer } from './share-bridge.ts';
import { loseChannel } from './lost-channel.ts';
import { onConnectionTimer } from './connection-limits.ts';
import { HANDLER_TIMER, hasIdleHandler, newRequestHandlers, occupyHandler } from './request-handlers.ts';
import { enqueue, takeRequest } from './requests.ts';

/** The code of a broker process. */
export const brokerProgram: Program<BrokerProgramConfig, BrokerMemory> = {
  kind: 'broker',

  start(context, config) {
    const memory = newMemory(context, config);
    const broker = { memory, context };
    if (context.disk.failed.size > 0) noticeFailures(broker);
    startPeriodicTasks(broker);
    startCleaner(broker);
    communicate(broker);
    fetchMetadata(broker);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    if (memory.lifecycle.state === 'SHUTTING_DOWN') return;
    const broker = { memory, context };
    const arrived = message as RequestMessage | ResponseMessage;
    if (arrived.kind === 'request') enqueue(broker, connection, arrived);
    else onResponse(broker, connection, arrived);
    settle(broker);
  },

  onTimer(memory, context, name, data) {
    const broker = { memory, context };
    if (isLifecycleTimer(name)) onLifecycleTimer(broker, name);
    else if (memory.lifecycle.state !== 'SHUTTING_DOWN') onTimer(broker, name, data);
    settle(broker);
  },

  onDisconnect(memory, context, connection) {
    const broker = { memory, context };
    if (memory.lifecycle.state === 'SHUTTING_DOWN') return;
    onDisconnect(broker, connection);
    settle(broker);
  },

  onSignal(memory, context, signal) {
    const broker = { memory, context };
    if (signal.type === 'terminate') terminate(broker);
    else noticeFailures(broker);
    settle(broker);
  },
};

function newMemory(context: NodeContext, settings: BrokerProgramConfig): BrokerMemory {
  const image = emptyImage();
  const config = effectiveBrokerConfig(settings, image);
  const controller = newControllerChannels();
  const directories = logDirsOf(config).length > 1 ? openDirectories(context, config, controller) : null;
  return {
    settings,
    config,
    directories,
    lifecycle: newLifecycle({ context }),
    image,
    replicas: new Map(),
    replicaChanges: 0,
    acceptor: null,
    requests: { channels: new Map(), active: new Map(), nextToken: 1, ready: [] },
    handlers: newRequestHandlers(),
    quorum: newControllerQuorum(settings),
    controller,
    fetchers: new Map(),
    purgatory: { produces: new Map(), fetches: new Map(), deletes: new Map(), armed: new Map() },
    sessions: new Map(),
    fetchSessionsAsked: 0,
    isrChanges: { unsent: [], inFlight: [] },
    producerIds: { next: 0, end: 0, nextBlock: null, requested: false },
    rates: new Map(),
    silences: new Map(),
    coordinator: newGroupCoordinator(),
    transactions: newTransactionCoordinator(),
    shareCoordinator: { shards: new Map(), loading: new Set(), gatherings: new Map() },
    shareQuestions: new Map(),
    sharePartitions: new Map(),
    shareSessions: new Map(),
    delayedShares: new Map(),
    latestOffsets: { queue: [], inFlight: new Map(), waiting: new Map(), nextWait: 1 },
    sharePersister: { queue: [], inFlight: new Map(), waiting: new Map(), nextWait: 1 },
    movedCoordinatorPartitions: [],
    grownCoordinatorPartitions: [],
    brokerChannels: new Map(),
    verifications: { nextId: 1, parked: new Map(), inFlight: new Map(), queues: new Map(), answered: [] },
    unsentForwards: [],
  };
}

function onResponse(broker: Broker, connection: ConnectionId, message: ResponseMessage): void {
  const fetcher = fetcherByConnection(broker, connection);
  const channel = fetcher === undefined ? brokerChannelOf(broker.memory, connection) : undefined;
  if (fetcher !== undefined) onFetcherResponse(broker, fetcher, message);
  else if (channel !== undefined) onBrokerAnswer(broker, channel, message);
  else onControllerResponse(broker, connection, message);
}

function onTimer(broker: Broker, name: string, data: unknown): void {
  if (isPurgatoryTimer(name)) onPurgatoryTimer(broker, name);
  else if (isFetcherTimer(name)) onFetcherTimer(broker, name, data as number);
  else if (name.startsWith(LOADING_TIMER)) onCoordinatorLoaded(broker, data as LoadingPartition);
  else if (isCoordinatorTimer(name)) onCoordinatorTimer(broker, data as GroupTimer);
  else if (name.startsWith(TRANSACTION_TIMER_PREFIX)) tellTransactionTimer(broker, data as TransactionTimer);
  else if (name.startsWith('share-')) onShareTimer(broker, name, data);
  else if (isBrokerChannelTimer(name)) onBrokerSilent(broker, name);
  else if (isVerificationTimer(name)) verifyAgain(broker, data as number);
  else if (isCleanerTimer(name)) onCleanerTimer(broker, name, data);
  else if (name.startsWith(THROTTLE_TIMER)) broker.memory.requests.ready.push(data as ConnectionId);
  else if (name.startsWith('connections/')) onConnectionTimer(broker, name, data);
  else if (name === METADATA_FETCH_TIMER) onMetadataFetchTimer(broker);
  else if (name === ALTER_PARTITION_TIMER) sendIsrChanges(broker);
  else if (name === FORWARD_TIMER) resendForwards(broker);
  else if (name !== HANDLER_TIMER && !runPeriodicTask(broker, name)) onDirectoryTimer(broker, name, data);
}

function onDisconnect(broker: Broker, connection: ConnectionId): void {
  const fetcher = fetcherByConnection(broker, connection);
  const channel = brokerChannelOf(broker.memory, connection);
  if (fetcher !== undefined) onFetcherLost(broker, fetcher);
  else if (channel !== undefined) onBrokerLost(broker, channel);
  else if (!onControllerLost(broker, connection)) loseChannel(broker, connection);
}

/**
 * Works off what this event has brought about, until nothing is left: coordinators' appends and commits, and requests
 * whose connection has become free. So no handler is ever entered from within another.
 */
function settle(broker: Broker): void {
  while (settleCoordinators(broker) || resumeVerified(broker) || takeNext(broker));
}

function settleCoordinators(broker: Broker): boolean {
  const { memory } = broker;
  const grown = memory.grownCoordinatorPartitions;
  if (grown.length === 0 && memory.movedCoordinatorPartitions.length === 0) return false;
  memory.grownCoordinatorPartitions = [];
  for (const replica of new Set(grown)) appended(broker, replica);
  const moved = memory.movedCoordinatorPartitions;
  memory.movedCoordinatorPartitions = [];
  for (const replica of new Set(moved)) tellHighWatermark(broker, replica);
  return true;
}

/** Takes up one request, if a thread has time for it. Before a broker knows the cluster, requests wait in their connections. */
function takeNext(broker: Broker): boolean {
  const { memory } = broker;
  const { ready } = memory.requests;
  if (ready.length === 0 || !isServing(memory) || !hasIdleHandler(broker)) return false;
  const connection = ready.shift();
  const taken = connection === undefined ? undefined : takeRequest(broker, connection);
  if (taken === undefined) return true;
  occupyHandler(broker, taken.message.api);
  route(broker, taken.message, taken.incoming);
  return true;
}
