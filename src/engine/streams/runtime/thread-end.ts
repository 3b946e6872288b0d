import { consumerAbandon, consumerDetach } from '../../client/consumer/consumer.ts';
import { producerClose } from '../../client/producer/producer.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { checkpointGlobals } from './global-stores.ts';
import { livingThreads, type StreamsMemory } from './instance-memory.ts';
import { abandonWork } from './lost-transaction.ts';
import type { StreamThread } from './stream-thread.ts';
import type { ThreadContext } from './thread-context.ts';
import { setThreadState } from './thread-state.ts';

/** Its tasks and its consumers are closed, and it ends when its producer has. */
export const isClosing = ({ main }: StreamThread): boolean => main.closing === 'done';

/**
 * The thread has closed its tasks, and closes its clients (`StreamThread.completeShutdown`): the producer sends what it has,
 * and aborts what is open. Unless the thread failed, or is removed, it stays in the group (`REMAIN_IN_GROUP`): its tasks move
 * when its session has expired, or at once when the process comes back and joins anew.
 */
export function endThread(thread: StreamThread, context: ThreadContext): void {
  setThreadState(context.process, thread, 'PENDING_SHUTDOWN');
  abandonWork(thread);
  thread.working = 0;
  thread.revoking = null;
  thread.sharing = null;
  if (thread.leaving) consumerAbandon(thread.main, context);
  else consumerDetach(thread.main, context);
  consumerDetach(thread.restore, context);
  producerClose(thread.producer, context);
  settleEnd(thread, context);
}

/** Its last client has closed: the thread is dead, and the process ends if it was the last one that it waited for. */
export function settleEnd(thread: StreamThread, context: ThreadContext): void {
  const { process } = context;
  if (!thread.producer.closed || thread.state === 'DEAD') return;
  setThreadState(process, thread, 'DEAD');
  for (const [token, index] of [...process.calls]) if (index === thread.index) process.calls.delete(token);
  endIfDone(process, context.ofProcess);
}

/** A client that shuts down has ended with its last thread: in order, or by an error. */
export function endIfDone(process: StreamsMemory, context: NodeContext): void {
  const isShuttingDown = process.state === 'PENDING_SHUTDOWN' || process.state === 'PENDING_ERROR';
  if (!isShuttingDown || livingThreads(process).length > 0) return;
  const { globals, config } = process;
  if (globals !== null) checkpointGlobals(context.disk, planOf(config), globals, true);
  process.state = process.state === 'PENDING_ERROR' ? 'ERROR' : 'NOT_RUNNING';
  process.ended = true;
  context.exit();
}
