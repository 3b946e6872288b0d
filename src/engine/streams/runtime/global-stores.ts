import type { TopicPartitionName } from '../../api/ids.ts';
import { fork } from '../../base/fork.ts';
import type { Consumer } from '../../client/consumer/consumer-state.ts';
import type { DiskState } from '../../sim/disk.ts';
import { StreamsError } from '../task/streams-error.ts';
import { newTaskState, type TaskState } from '../task/task-state.ts';
import type { GlobalStoreTopology } from '../topology/build-topology.ts';
import type { ApplicationPlan } from './application-plan.ts';
import { CHECKPOINT_OFFSET_DELTA, isPersistent } from './state-directory.ts';

/** Name on the disk of what the global stores last wrote there. */
const DIRECTORY = 'global-state';

/** A partition of a global table's topic. */
export interface GlobalInput {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to read. */
  position: number;
  /** Where reading back ends, as the log stood when the instance started; −1 before it is known. */
  end: number;
  /** Position when the store was last written to the disk. */
  checkpointed: number;
}

/** The store of one global table: every instance holds it whole. */
export interface GlobalStore {
  readonly topic: string;
  readonly state: TaskState;
  readonly inputs: Map<TopicPartitionName, GlobalInput>;
}

/**
 * What Kafka's `GlobalStreamThread` holds. `describing`: how many partitions there are is asked for; `bootstrapping`: the
 * tables are read to where their topics end, and the stream thread waits for that; `running`: they follow their topics.
 * Plain data.
 */
export interface GlobalStores {
  readonly consumer: Consumer;
  phase: 'describing' | 'bootstrapping' | 'running';
  /** Of the administrator's call under way. */
  token: number;
  /** In the topology's order. */
  readonly stores: readonly GlobalStore[];
  /** Works on what it has read. */
  busy: boolean;
}

type Directory = ReadonlyMap<string, Omit<GlobalStore, 'topic'>>;

/** As the disk has them, else empty. Stores that live in memory begin empty. */
export function newGlobalStores(
  disk: DiskState,
  parts: readonly GlobalStoreTopology[],
  consumer: Consumer,
): GlobalStores {
  const found = fork(disk.values.get(DIRECTORY) ?? new Map()) as Directory;
  const stores = parts.map(({ topic, stores }): GlobalStore => ({
    topic,
    ...(found.get(topic) ?? { state: newTaskState(stores), inputs: new Map() }),
  }));
  return { consumer, phase: 'describing', token: 0, stores, busy: false };
}

/** Every partition of every table's topic. */
export const inputsOf = ({ stores }: GlobalStores): [TopicPartitionName, GlobalInput][] =>
  stores.flatMap(({ inputs }) => [...inputs]);

/** Writes the stores to the disk: always if `enforced`, else when enough changed since the last time. */
export function checkpointGlobals(
  disk: DiskState,
  { topology }: ApplicationPlan,
  globals: GlobalStores,
  enforced: boolean,
): void {
  if (globals.phase === 'describing') return;
  let delta = 0;
  for (const [, { position, checkpointed }] of inputsOf(globals)) delta += position - checkpointed;
  if (!enforced && delta <= CHECKPOINT_OFFSET_DELTA) return;
  for (const [, input] of inputsOf(globals)) input.checkpointed = input.position;
  const kept = globals.stores.filter(({ topic }) =>
    topology.globalStores.some((part) => part.topic === topic && isPersistent(part.store)),
  );
  disk.values.set(
    DIRECTORY,
    fork(new Map(kept.map(({ topic, state, inputs }) => [topic, { state, inputs }]))),
  );
}

/** A topic no longer has what the store was to read next: the store cannot be trusted, and the instance ends. */
export function globalsLost(disk: DiskState): StreamsError {
  disk.values.delete(DIRECTORY);
  return new StreamsError(
    'StreamsException',
    'Updating global state failed due to inconsistent local state. Will attempt to clean up the local state. You can restart KafkaStreams to recover from this error.',
  );
}
