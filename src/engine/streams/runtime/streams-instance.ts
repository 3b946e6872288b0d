import { onAdminDisconnect, onAdminMessage, onAdminTimer } from '../../client/admin/admin.ts';
import { onConsumerDisconnect, onConsumerMessage, onConsumerTimer } from '../../client/consumer/consumer.ts';
import { NEVER } from '../../client/network/network-client.ts';
import { onProducerDisconnect, onProducerMessage, onProducerTimer } from '../../client/producer/producer.ts';
import { isQueryRequest } from '../../client/queries/query-message.ts';
import type { NodeContext, Program } from '../../sim/node-context.ts';
import { ASSIGNOR_ERRORS } from '../assignor/member-data.ts';
import { answerQuery, answerWithoutLag, LAG_TIMER } from '../queries/query-server.ts';
import { newQueryServer } from '../queries/query-server-state.ts';
import { planOf } from './application-plan.ts';
import { endGlobalWork, GLOBAL_TIMER, startGlobals } from './global-reading.ts';
import { newGlobalStores } from './global-stores.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { RESTORE_TIMER } from './restoration.ts';
import { joinGroup } from './task-manager.ts';
import { newAdmin, newMainConsumer, newOutsider } from './thread-clients.ts';
import { newThreadProducer } from './thread-producer.ts';
import { newThreadTransactions } from './transaction-calls.ts';
import { endWork, runThread, THREAD_TIMER, WORK_TIMER } from './thread.ts';

/**
 * One instance of a Kafka Streams application: a process with one stream thread. It embeds a consumer
 * that is a member of the group `application.id`, a consumer for changelogs, a producer and an administrator.
 *
 * Simplified: of emission at window close, a task that moves does not know how far it was (Kafka commits that beside
 * the offset).
 */
export const streamsInstanceProgram: Program<StreamsInstanceConfig, StreamsMemory> = {
  kind: 'streams-instance',

  start(context, config) {
    const memory = newMemory(context, config);
    if (memory.globals === null) joinGroup(memory, context);
    else startGlobals(memory, context);
    runThread(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    const taken =
      onConsumerMessage(memory.main, context, connection, message) ||
      onProducerMessage(memory.producer, context, connection, message) ||
      onConsumerMessage(memory.restore, context, connection, message) ||
      (memory.globals !== null && onConsumerMessage(memory.globals.consumer, context, connection, message)) ||
      onAdminMessage(memory.admin, context, connection, message);
    if (taken) runThread(memory, context);
    else if (isQueryRequest(message)) answerQuery(memory, context, connection, message);
  },

  onTimer(memory, context, name) {
    if (name === WORK_TIMER) endWork(memory, context);
    else if (name === THREAD_TIMER) memory.wakeAt = NEVER;
    else if (name === RESTORE_TIMER) memory.restoreBusy = false;
    else if (name === GLOBAL_TIMER) endGlobalWork(memory);
    else if (name === LAG_TIMER) answerWithoutLag(memory, context);
    else clientTimer(memory, context, name);
    runThread(memory, context);
  },

  onDisconnect(memory, context, connection) {
    const taken =
      onConsumerDisconnect(memory.main, context, connection) ||
      onProducerDisconnect(memory.producer, context, connection) ||
      onConsumerDisconnect(memory.restore, context, connection) ||
      (memory.globals !== null && onConsumerDisconnect(memory.globals.consumer, context, connection)) ||
      onAdminDisconnect(memory.admin, context, connection);
    if (taken) runThread(memory, context);
  },

  onSignal(memory, context, signal) {
    if (signal.type !== 'terminate') return;
    memory.stopping = true;
    runThread(memory, context);
  },
};

function clientTimer(memory: StreamsMemory, context: NodeContext, name: string): void {
  if (onConsumerTimer(memory.main, context, name)) return;
  if (onProducerTimer(memory.producer, context, name)) return;
  if (onConsumerTimer(memory.restore, context, name)) return;
  if (memory.globals !== null && onConsumerTimer(memory.globals.consumer, context, name)) return;
  onAdminTimer(memory.admin, context, name);
}

function newMemory(context: NodeContext, config: StreamsInstanceConfig): StreamsMemory {
  const { topology, exactlyOnce } = planOf(config);
  const transactions = exactlyOnce ? newThreadTransactions(context, config.applicationId) : null;
  return {
    config,
    main: newMainConsumer(context, config),
    restore: newOutsider(context, config, 'restore'),
    producer: newThreadProducer(context, config, transactions),
    transactions,
    admin: newAdmin(config),
    globals:
      topology.globalStores.length === 0
        ? null
        : newGlobalStores(context.disk, topology.globalStores, newOutsider(context, config, 'global')),
    tasks: new Map(),
    standbys: new Map(),
    queries: newQueryServer(),
    probeAt: NEVER,
    outbox: [],
    blocked: false,
    working: 0,
    lastTask: '',
    commit: null,
    lastCommitAt: context.now(),
    lastPurgeAt: context.now(),
    purgeToken: 0,
    taskLives: 0,
    descriptions: 0,
    revoking: null,
    stopping: false,
    recordsReady: false,
    sharing: null,
    corrupted: new Set(),
    restoreBusy: false,
    wakeAt: NEVER,
    assignorError: ASSIGNOR_ERRORS.NONE,
    failure: null,
    ended: false,
  };
}
