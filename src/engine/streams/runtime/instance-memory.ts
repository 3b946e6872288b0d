import type { Admin } from '../../client/admin/admin-state.ts';
import type { QueryServer } from '../queries/query-server-state.ts';
import type { TaskId } from '../assignor/task-id.ts';
import type { GlobalStores } from './global-stores.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';
import type { RuntimeTask } from './runtime-task.ts';
import type { StreamThread } from './stream-thread.ts';
import type { ClientState } from './thread-state.ts';

/** One instance at work: a process with its stream threads (`KafkaStreams`). Plain data. */
export interface StreamsMemory {
  readonly config: StreamsInstanceConfig;
  /** Who this process is, over all its lives on its disk. */
  readonly processId: string;
  /** One for all threads. */
  readonly admin: Admin;
  /** Token of a call of the administrator → index of the thread that made it. */
  readonly calls: Map<number, number>;
  /** Null without global tables. */
  readonly globals: GlobalStores | null;
  /** What answers queries of the stores. */
  readonly queries: QueryServer;
  state: ClientState;
  /** In the order in which they were made; dead ones stay until another is made. */
  threads: StreamThread[];
  /** Task directory → index of the thread that has it (`StateDirectory.lock`). */
  readonly locks: Map<TaskId, number>;
  /** Directories were locked or released since the first thread told which ones no thread has. */
  relocked: boolean;
  /** Something happened in one thread, or in the process, that others have to look at. */
  summoned: boolean;
  /** The process has ended. */
  ended: boolean;
}

/** Threads that have not ended. */
export const livingThreads = ({ threads }: StreamsMemory): StreamThread[] =>
  threads.filter(({ state }) => state !== 'DEAD');

/** The tasks of all threads, thread by thread. */
export const tasksOf = ({ threads }: StreamsMemory): RuntimeTask[] =>
  threads.flatMap(({ tasks }) => [...tasks.values()]);
