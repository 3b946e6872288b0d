import { STREAMS_CONFIG } from '../api/config/client-config.ts';
import type { NodeId } from '../api/ids.ts';
import type { Kernel } from '../sim/kernel.ts';
import { livingThreads, type StreamsMemory } from '../streams/runtime/instance-memory.ts';
import { isAlive, isUp } from '../streams/runtime/thread-state.ts';

const THREADS_MAX = STREAMS_CONFIG['num.stream.threads'].model?.max ?? 1;

/** Why a stream thread cannot be added to a machine, or taken from it, as one sentence, or undefined. */
export function refuseThread(
  kernel: Kernel,
  type: 'add-stream-thread' | 'remove-stream-thread',
  node: NodeId,
): string | undefined {
  const { program, status, memory } = kernel.slot(node);
  if (program !== 'streams-instance')
    return `Only instances of applications have stream threads, and ${node} is none.`;
  if (status !== 'up' || memory === undefined) return `${node} is not running.`;
  const client = memory as StreamsMemory;
  if (!isUp(client)) return `${node} is in state ${client.state}: its threads stay as they are.`;
  if (type === 'remove-stream-thread')
    return client.threads.some(isAlive) ? undefined : `${node} has no thread that could be removed.`;
  return livingThreads(client).length < THREADS_MAX
    ? undefined
    : `${node} has ${THREADS_MAX} threads, and more are not shown here.`;
}
