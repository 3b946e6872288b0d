import type { StreamsMemory } from './instance-memory.ts';
import type { StreamThread } from './stream-thread.ts';

/** `StreamThread.State`. */
export type ThreadState =
  | 'CREATED'
  | 'STARTING'
  | 'PARTITIONS_REVOKED'
  | 'PARTITIONS_ASSIGNED'
  | 'RUNNING'
  | 'PENDING_SHUTDOWN'
  | 'DEAD';

/** `KafkaStreams.State`. */
export type ClientState =
  'CREATED' | 'REBALANCING' | 'RUNNING' | 'PENDING_SHUTDOWN' | 'NOT_RUNNING' | 'PENDING_ERROR' | 'ERROR';

/** Once it shuts down a thread only ends. */
const isFinal = (state: ThreadState): boolean => state === 'PENDING_SHUTDOWN' || state === 'DEAD';

/** It works, or is about to (`StreamThread.State.isAlive`). */
export const isAlive = ({ state }: StreamThread): boolean => state !== 'CREATED' && !isFinal(state);

/** The client is up (`KafkaStreams.isRunningOrRebalancing`): it takes acts on its threads. */
export const isUp = ({ state }: StreamsMemory): boolean => state === 'RUNNING' || state === 'REBALANCING';

/**
 * A thread comes to another state, and the client may follow: it rebalances as soon as one thread does, and runs again when
 * the last one does (`KafkaStreams.StreamStateListener`).
 */
export function setThreadState(process: StreamsMemory, thread: StreamThread, state: ThreadState): void {
  if (thread.state === state || (isFinal(thread.state) && state !== 'DEAD')) return;
  thread.state = state;
  if (!isUp(process)) return;
  if (state === 'PARTITIONS_REVOKED' || state === 'PARTITIONS_ASSIGNED') process.state = 'REBALANCING';
  if (state === 'RUNNING' && mayRun(process)) process.state = 'RUNNING';
}

/** A thread that shuts down does not hold up the client; global tables have been read before any thread runs. */
const mayRun = ({ threads }: StreamsMemory): boolean =>
  threads.every(({ state }) => state === 'RUNNING' || isFinal(state));
