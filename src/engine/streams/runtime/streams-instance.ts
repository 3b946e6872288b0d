import { onAdminDisconnect, onAdminMessage, onAdminTimer } from '../../client/admin/admin.ts';
import { onConsumerDisconnect, onConsumerMessage, onConsumerTimer } from '../../client/consumer/consumer.ts';
import { NEVER } from '../../client/network/network-client.ts';
import { onProducerDisconnect, onProducerMessage, onProducerTimer } from '../../client/producer/producer.ts';
import { isQueryRequest } from '../../client/queries/query-message.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext, Program } from '../../sim/node-context.ts';
import { answerQuery, answerWithoutLag, LAG_TIMER } from '../queries/query-server.ts';
import { newQueryServer } from '../queries/query-server-state.ts';
import { planOf } from './application-plan.ts';
import { endGlobalWork, GLOBAL_TIMER, startGlobals } from './global-reading.ts';
import { newGlobalStores } from './global-stores.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';
import { livingThreads, type StreamsMemory } from './instance-memory.ts';
import { processId } from './process-id.ts';
import { runAll, runAdmin, runGlobalThread, runOne } from './run-process.ts';
import { RESTORE_TIMER } from './restoration.ts';
import type { StreamThread } from './stream-thread.ts';
import { newAdmin, newGlobalConsumer } from './thread-clients.ts';
import { ThreadContext, threadTimer } from './thread-context.ts';
import { addThread, createThread, removeThread, shutDownClient, startThreads } from './threads.ts';
import { endWork, THREAD_TIMER, WORK_TIMER } from './thread.ts';

/**
 * One instance of a Kafka Streams application (`KafkaStreams`): a process with `num.stream.threads` stream threads. Each
 * thread embeds a consumer that is a member of the group `application.id`, a consumer for changelogs and a producer; the
 * process has one administrator, the global tables with their thread, the state directory, and what answers queries.
 *
 * Simplified: of emission at window close, a task that moves does not know how far it was (Kafka commits that beside
 * the offset).
 */
export const streamsInstanceProgram: Program<StreamsInstanceConfig, StreamsMemory> = {
  kind: 'streams-instance',

  start(context, config) {
    const memory = newMemory(context, config);
    const count = planOf(config).settings['num.stream.threads'];
    for (let index = 1; index <= count; index++) createThread(memory, context, index);
    memory.state = 'REBALANCING';
    if (memory.globals === null) startThreads(memory, context);
    else startGlobals(memory, context);
    runAll(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    const thread = threadWith(memory, (one) =>
      messageOfThread(memory, context, one, { connection, message }),
    );
    if (thread !== undefined) runOne(memory, context, thread);
    else if (
      memory.globals !== null &&
      onConsumerMessage(memory.globals.consumer, context, connection, message)
    )
      runGlobalThread(memory, context);
    else if (onAdminMessage(memory.admin, context, connection, message)) runAdmin(memory, context);
    else if (isQueryRequest(message)) answerQuery(memory, context, connection, message);
  },

  onTimer(memory, context, name) {
    if (name === LAG_TIMER) answerWithoutLag(memory, context);
    else if (name === GLOBAL_TIMER) {
      endGlobalWork(memory);
      runGlobalThread(memory, context);
    } else if (memory.globals !== null && onConsumerTimer(memory.globals.consumer, context, name))
      runGlobalThread(memory, context);
    else if (onAdminTimer(memory.admin, context, name)) runAdmin(memory, context);
    else timerOfThread(memory, context, name);
  },

  onDisconnect(memory, context, connection) {
    const thread = threadWith(memory, (one) => disconnectOfThread(memory, context, one, connection));
    if (thread !== undefined) runOne(memory, context, thread);
    else if (memory.globals !== null && onConsumerDisconnect(memory.globals.consumer, context, connection))
      runGlobalThread(memory, context);
    else if (onAdminDisconnect(memory.admin, context, connection)) runAdmin(memory, context);
  },

  onSignal(memory, context, signal) {
    if (signal.type === 'terminate') shutDownClient(memory, context, 'PENDING_SHUTDOWN');
    else if (signal.type === 'add-stream-thread') addThread(memory, context);
    else if (signal.type === 'remove-stream-thread') removeThread(memory, context);
    else return;
    runAll(memory, context);
  },
};

/** The living thread that takes what happened as its own. */
const threadWith = (
  memory: StreamsMemory,
  takes: (thread: StreamThread) => boolean,
): StreamThread | undefined => {
  for (const thread of memory.threads) if (thread.state !== 'DEAD' && takes(thread)) return thread;
  return undefined;
};

interface Arrival {
  readonly connection: ConnectionId;
  readonly message: object;
}

function messageOfThread(
  memory: StreamsMemory,
  node: NodeContext,
  { main, producer, restore, index }: StreamThread,
  { connection, message }: Arrival,
): boolean {
  const context = new ThreadContext(memory, node, index);
  return (
    onConsumerMessage(main, context, connection, message) ||
    onProducerMessage(producer, context, connection, message) ||
    onConsumerMessage(restore, context, connection, message)
  );
}

function disconnectOfThread(
  memory: StreamsMemory,
  node: NodeContext,
  { main, producer, restore, index }: StreamThread,
  connection: ConnectionId,
): boolean {
  const context = new ThreadContext(memory, node, index);
  return (
    onConsumerDisconnect(main, context, connection) ||
    onProducerDisconnect(producer, context, connection) ||
    onConsumerDisconnect(restore, context, connection)
  );
}

function timerOfThread(memory: StreamsMemory, node: NodeContext, timer: string): void {
  const { index, name } = threadTimer(timer);
  const thread = livingThreads(memory).find((one) => one.index === index);
  if (thread === undefined) return;
  const context = new ThreadContext(memory, node, index);
  if (name === WORK_TIMER) endWork(thread, context);
  else if (name === THREAD_TIMER) thread.wakeAt = NEVER;
  else if (name === RESTORE_TIMER) thread.restoreBusy = false;
  else if (!onConsumerTimer(thread.main, context, name) && !onProducerTimer(thread.producer, context, name))
    onConsumerTimer(thread.restore, context, name);
  runOne(memory, node, thread);
}

function newMemory(context: NodeContext, config: StreamsInstanceConfig): StreamsMemory {
  const { topology } = planOf(config);
  const id = processId(context, config.instance);
  const globals =
    topology.globalStores.length === 0
      ? null
      : newGlobalStores(context.disk, topology.globalStores, newGlobalConsumer(context, config, id));
  return {
    config,
    processId: id,
    admin: newAdmin(config, id),
    calls: new Map(),
    globals,
    queries: newQueryServer(),
    state: 'CREATED',
    threads: [],
    locks: new Map(),
    relocked: false,
    summoned: false,
    ended: false,
  };
}
