import { below } from '../base/prng.ts';
import { millis, type SimDuration, type SimTime } from '../base/time.ts';
import type { BrokerHeartbeatResponse } from '../protocol/broker-heartbeat.ts';
import type { BrokerRegistrationResponse } from '../protocol/broker-registration.ts';
import { NONE } from '../protocol/errors.ts';
import { randomUuid, type Uuid } from '../protocol/uuid.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { callController, resetChannel } from './controller-channel.ts';
import { closeLogs } from './checkpoints.ts';
import { reportFailed } from './log-directories.ts';
import { closeChannel } from './lost-channel.ts';

/** As `BrokerState`: how far this life has come. */
export type BrokerState =
  'STARTING' | 'RECOVERY' | 'RUNNING' | 'PENDING_CONTROLLED_SHUTDOWN' | 'SHUTTING_DOWN';

/** A broker's standing with the controller (`BrokerLifecycleManager`). */
export interface Lifecycle {
  state: BrokerState;
  readonly incarnationId: Uuid;
  /** Epoch of the last life if it ended in order, else −1. */
  readonly previousBrokerEpoch: number;
  /** −1 before registration. */
  brokerEpoch: number;
  /** As the controller said last. */
  fenced: boolean;
  /** A clean stop was asked for. */
  stopping: boolean;
  /** −1 before the first answer. */
  lastHeartbeatAt: SimTime;
  /** Calls in a row that failed. */
  failures: number;
}

const LIFECYCLE_TIMER = 'lifecycle';
const LIFECYCLE_TIMEOUT_TIMER = 'lifecycle-timeout';
const SHUTDOWN_TIMEOUT_TIMER = 'controlled-shutdown-timeout';
const EXIT_TIMER = 'exit';

/** Between the last heartbeats before a broker has caught up with the metadata. */
const CATCH_UP_INTERVAL: SimDuration = millis(10);
const RESEND_BACKOFF_MS = 100;
/** What an idle broker takes from the controller's leave to its end: it stops its threads and closes its logs. */
const TEARDOWN: SimDuration = millis(400);
/** How long a broker waits for the controller's leave to go, at most. */
const SHUTDOWN_TIMEOUT: SimDuration = millis(300_000);

const CLEAN_SHUTDOWN_FILE = 'clean-shutdown';

/** Reads, and takes away, what the last life left if it ended in order. */
export function newLifecycle({ context }: Pick<Broker, 'context'>): Lifecycle {
  const previous = context.disk.values.get(CLEAN_SHUTDOWN_FILE) as number | undefined;
  context.disk.values.delete(CLEAN_SHUTDOWN_FILE);
  return {
    state: 'STARTING',
    incarnationId: randomUuid(context.prng('incarnation')),
    previousBrokerEpoch: previous ?? -1,
    brokerEpoch: -1,
    fenced: true,
    stopping: false,
    lastHeartbeatAt: -1,
    failures: 0,
  };
}

/** Registers, or says that this broker lives. */
export function communicate(broker: Broker): void {
  const { lifecycle, settings, image, directories } = broker.memory;
  if (lifecycle.state === 'SHUTTING_DOWN') return;
  if (lifecycle.brokerEpoch === -1)
    callController(broker, 'lifecycle', {
      api: 'BrokerRegistration',
      body: {
        brokerId: settings.brokerId,
        clusterId: settings.clusterId,
        incarnationId: lifecycle.incarnationId,
        rack: settings.rack,
        logDirs: directories?.online ?? [],
        previousBrokerEpoch: lifecycle.previousBrokerEpoch,
      },
    });
  else
    callController(broker, 'lifecycle', {
      api: 'BrokerHeartbeat',
      body: {
        brokerId: settings.brokerId,
        brokerEpoch: lifecycle.brokerEpoch,
        currentMetadataOffset: image.offset,
        wantFence: lifecycle.state === 'STARTING',
        wantShutDown: lifecycle.state === 'PENDING_CONTROLLED_SHUTDOWN',
        ...(directories === null ? {} : reportFailed(directories)),
      },
    });
  broker.context.setTimer(LIFECYCLE_TIMEOUT_TIMER, sessionTimeout(broker.memory));
}

const sessionTimeout = ({ config }: BrokerMemory): SimDuration => millis(config['broker.session.timeout.ms']);

export const isLifecycleTimer = (name: string): boolean =>
  [LIFECYCLE_TIMER, LIFECYCLE_TIMEOUT_TIMER, SHUTDOWN_TIMEOUT_TIMER, EXIT_TIMER].includes(name);

export function onLifecycleTimer(broker: Broker, name: string): void {
  if (name === EXIT_TIMER) broker.context.exit();
  else if (name === SHUTDOWN_TIMEOUT_TIMER) beginShutdown(broker);
  else if (name === LIFECYCLE_TIMEOUT_TIMER) giveUpCall(broker);
  else if (!isWaiting(broker)) communicate(broker);
}

const isWaiting = ({ memory }: Broker): boolean =>
  (memory.controller.get('lifecycle')?.pending.size ?? 0) > 0;

function giveUpCall(broker: Broker): void {
  resetChannel(broker, 'lifecycle');
  retryLater(broker);
}

/** Exponential backoff from 100 ms to the session timeout, with a fifth of chance more or less. */
export function retryLater(broker: Broker): void {
  const { lifecycle, config } = broker.memory;
  const cap = config['broker.session.timeout.ms'];
  const ms = Math.min(RESEND_BACKOFF_MS << Math.min(lifecycle.failures, 16), cap);
  lifecycle.failures += 1;
  const percent = 80 + below(broker.context.prng('lifecycle-backoff'), 41);
  broker.context.cancelTimer(LIFECYCLE_TIMEOUT_TIMER);
  broker.context.setTimer(LIFECYCLE_TIMER, Math.floor((millis(ms) * percent) / 100));
}

export function onRegistered(broker: Broker, response: BrokerRegistrationResponse): void {
  const { lifecycle } = broker.memory;
  if (response.errorCode !== NONE) {
    retryLater(broker);
    return;
  }
  lifecycle.brokerEpoch = response.brokerEpoch;
  lifecycle.failures = 0;
  broker.context.cancelTimer(LIFECYCLE_TIMEOUT_TIMER);
  communicate(broker);
}

export function onHeartbeat(broker: Broker, response: BrokerHeartbeatResponse): void {
  const { lifecycle, directories } = broker.memory;
  if (response.errorCode !== NONE) {
    retryLater(broker);
    return;
  }
  broker.context.cancelTimer(LIFECYCLE_TIMEOUT_TIMER);
  lifecycle.failures = 0;
  lifecycle.fenced = response.isFenced;
  if (directories !== null) directories.confirmed = directories.reported;
  lifecycle.lastHeartbeatAt = broker.context.now();
  if (lifecycle.state === 'PENDING_CONTROLLED_SHUTDOWN' && response.shouldShutDown) beginShutdown(broker);
  else broker.context.setTimer(LIFECYCLE_TIMER, advance(broker, response));
}

/** Goes on to the next state if it is time, and says when to report next. */
function advance(broker: Broker, response: BrokerHeartbeatResponse): SimDuration {
  const { lifecycle, config } = broker.memory;
  const interval = millis(config['broker.heartbeat.interval.ms']);
  if (lifecycle.state === 'STARTING') {
    if (response.isCaughtUp) lifecycle.state = 'RECOVERY';
    return CATCH_UP_INTERVAL;
  }
  if (lifecycle.state === 'RECOVERY' && !response.isFenced) lifecycle.state = 'RUNNING';
  return interval;
}

/** Clients are served once the broker knows the cluster. */
export const isServing = ({ lifecycle }: BrokerMemory): boolean => lifecycle.state !== 'STARTING';

/** SIGTERM. A broker that is part of the cluster first lets its leaders move away. */
export function terminate(broker: Broker): void {
  const { lifecycle, config } = broker.memory;
  if (lifecycle.stopping) return;
  lifecycle.stopping = true;
  if (lifecycle.state !== 'RUNNING' || !config['controlled.shutdown.enable']) {
    beginShutdown(broker);
    return;
  }
  lifecycle.state = 'PENDING_CONTROLLED_SHUTDOWN';
  broker.context.setTimer(SHUTDOWN_TIMEOUT_TIMER, SHUTDOWN_TIMEOUT);
  communicateSoon(broker);
}

/** Now, or right after what is under way. */
export function communicateSoon(broker: Broker): void {
  if (!isWaiting(broker)) communicate(broker);
  else broker.context.setTimer(LIFECYCLE_TIMER, CATCH_UP_INTERVAL);
}

/** Serves nobody any more, closes the logs, leaves the proof that nothing is lost, and ends the process. */
function beginShutdown(broker: Broker): void {
  const { memory, context } = broker;
  memory.lifecycle.state = 'SHUTTING_DOWN';
  for (const timer of [LIFECYCLE_TIMER, LIFECYCLE_TIMEOUT_TIMER, SHUTDOWN_TIMEOUT_TIMER])
    context.cancelTimer(timer);
  context.setTimer(EXIT_TIMER, TEARDOWN);
  for (const connection of [...memory.requests.channels.keys()]) closeChannel(broker, connection);
  closeLogs(broker);
  const whole = (memory.directories?.failed.length ?? 0) === 0;
  if (memory.lifecycle.brokerEpoch >= 0 && whole)
    context.disk.values.set(CLEAN_SHUTDOWN_FILE, memory.lifecycle.brokerEpoch);
}
