import type { TraceEventData } from '../../api/trace-event.ts';
import { NEVER } from '../../client/network/network-client.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { ASSIGNOR_ERRORS } from '../assignor/member-data.ts';
import { planOf } from './application-plan.ts';
import { threadName } from './client-names.ts';
import { livingThreads, type StreamsMemory } from './instance-memory.ts';
import type { StreamThread } from './stream-thread.ts';
import { joinGroup } from './task-manager.ts';
import { newMainConsumer, newRestoreConsumer } from './thread-clients.ts';
import { ThreadContext } from './thread-context.ts';
import { endIfDone } from './thread-end.ts';
import { newThreadProducer } from './thread-producer.ts';
import { isAlive, isUp, setThreadState } from './thread-state.ts';
import { newThreadTransactions } from './transaction-calls.ts';

const tell = (node: NodeContext, data: TraceEventData): number => node.trace(data);

/** Makes another thread of the process. It does not take part in the group before {@link startThreads}. */
export function createThread(process: StreamsMemory, node: NodeContext, index: number): StreamThread {
  const { config, processId } = process;
  const name = threadName(config, processId, index);
  const identity = { config, name, index };
  const context = new ThreadContext(process, node, index);
  const transactions = planOf(config).exactlyOnce
    ? newThreadTransactions(config.applicationId, processId, index)
    : null;
  const thread: StreamThread = {
    ...identity,
    state: 'CREATED',
    main: newMainConsumer(context, identity),
    restore: newRestoreConsumer(context, identity),
    producer: newThreadProducer(context, identity, transactions),
    transactions,
    tasks: new Map(),
    standbys: new Map(),
    probeAt: NEVER,
    outbox: [],
    blocked: false,
    working: 0,
    lastTask: '',
    commit: null,
    lastCommitAt: node.now(),
    lastPurgeAt: node.now(),
    purgeToken: 0,
    taskLives: 0,
    descriptions: 0,
    revoking: null,
    stopping: false,
    leaving: false,
    recordsReady: false,
    sharing: null,
    corrupted: new Set(),
    lockRetries: new Map(),
    restoreBusy: false,
    wakeAt: NEVER,
    assignorError: ASSIGNOR_ERRORS.NONE,
    failure: null,
    failing: null,
  };
  process.threads.push(thread);
  return thread;
}

/** The threads that have not begun yet become members of the group, once the global tables are there. */
export function startThreads(process: StreamsMemory, node: NodeContext): void {
  if (process.globals !== null && process.globals.phase !== 'running') return;
  process.summoned = true;
  for (const thread of process.threads)
    if (thread.state === 'CREATED') joinGroup(thread, new ThreadContext(process, node, thread.index));
}

/**
 * The index of the next thread, after the dead have been forgotten: the lowest that no thread has
 * (`KafkaStreams.nextThreadIndex`). A thread that is about to end has its own still.
 */
export function nextThreadIndex(process: StreamsMemory): number {
  process.threads = livingThreads(process);
  const taken = process.threads.map(({ index }) => index);
  let index = 1;
  while (taken.includes(index)) index += 1;
  return index;
}

/** Adds a stream thread to a client that is up (`KafkaStreams.addStreamThread`). */
export function addThread(process: StreamsMemory, node: NodeContext): void {
  if (!isUp(process)) return;
  const index = nextThreadIndex(process);
  createThread(process, node, index);
  const { length: living } = livingThreads(process);
  tell(node, { type: 'stream-thread-added', index, living });
  startThreads(process, node);
}

/**
 * Takes a stream thread from a client that is up: the one that was made first. It ends in order, and leaves the group at once,
 * a static member too (`KafkaStreams.removeStreamThread`). A client may go on without any.
 */
export function removeThread(process: StreamsMemory, node: NodeContext): void {
  const thread = isUp(process) ? process.threads.find(isAlive) : undefined;
  if (thread === undefined) return;
  thread.leaving = true;
  stopThread(process, thread);
  const { length: living } = process.threads.filter(isAlive);
  tell(node, { type: 'stream-thread-removed', index: thread.index, living });
}

/** The threads are to end in order, and then the client is, by an error or without. */
export function shutDownClient(
  process: StreamsMemory,
  node: NodeContext,
  state: 'PENDING_SHUTDOWN' | 'PENDING_ERROR',
): void {
  if (process.state === 'PENDING_SHUTDOWN' || process.state === 'PENDING_ERROR') return;
  process.state = state;
  for (const thread of process.threads) stopThread(process, thread);
  endIfDone(process, node);
}

/** The thread is to end in order. */
export function stopThread(process: StreamsMemory, thread: StreamThread): void {
  thread.stopping = true;
  process.summoned = true;
  setThreadState(process, thread, 'PENDING_SHUTDOWN');
}
