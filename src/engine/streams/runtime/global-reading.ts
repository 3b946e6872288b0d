import type { TraceEventData } from '../../api/trace-event.ts';
import { topicPartition } from '../../api/ids.ts';
import { adminCall } from '../../client/admin/admin.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import {
  consumerAssign,
  consumerPoll,
  consumerSeek,
  takeConsumerNotices,
} from '../../client/consumer/consumer.ts';
import type { ConsumerNotice, RecordSlice } from '../../client/consumer/consumer-state.ts';
import { errorName, NONE } from '../../protocol/errors.ts';
import { LATEST_TIMESTAMP } from '../../protocol/list-offsets.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { updateGlobal } from '../task/global-task.ts';
import { StreamsError } from '../task/streams-error.ts';
import { planOf } from './application-plan.ts';
import { bindGlobal } from './bound-global.ts';
import {
  checkpointGlobals,
  globalsLost,
  inputsOf,
  type GlobalStore,
  type GlobalStores,
} from './global-stores.ts';
import type { StreamsMemory } from './instance-memory.ts';
import { inputRecord } from './record-queue.ts';
import { RESTORE_MICROS } from './restoration.ts';
import { startThreads } from './threads.ts';

export const GLOBAL_TIMER = 'global-work';

/**
 * Lets the thread of the global tables do all it can do now (`GlobalStreamThread`). Throws a {@link StreamsError} that ends the
 * client.
 */
export function runGlobals(memory: StreamsMemory, context: NodeContext): void {
  const { globals } = memory;
  if (globals === null || memory.ended) return;
  for (let goesOn = true; goesOn;) {
    const notices = takeConsumerNotices(globals.consumer);
    for (const notice of notices) follow(context, notice);
    goesOn = readGlobals(memory, context) || notices.length > 0;
  }
}

function follow({ disk }: NodeContext, notice: ConsumerNotice): void {
  if (notice.type === 'no-offset' || notice.type === 'log-truncated') throw globalsLost(disk);
  if (notice.type === 'fatal')
    throw new StreamsError('StreamsException', `The global consumer failed: ${errorName(notice.error)}`);
}

/** Asks how many partitions the tables' topics have. */
export function startGlobals(memory: StreamsMemory, context: NodeContext): void {
  const { globals } = memory;
  if (globals === null) return;
  const topics = globals.stores.map(({ topic }) => topic);
  globals.token = adminCall(memory.admin, context, { type: 'describe-topics', topics });
}

type Described = Extract<AdminNotice, { type: 'topics-described' }>;

/** Begins to read. Throws a {@link StreamsError} if a topic does not exist. */
export function takeGlobalDescriptions(
  memory: StreamsMemory,
  context: NodeContext,
  { token, error, topics }: Described,
): void {
  const { globals } = memory;
  if (globals?.token !== token) return;
  if (error !== NONE) {
    startGlobals(memory, context);
    return;
  }
  const counts = new Map(topics.map(({ name, partitions }) => [name, partitions]));
  for (const store of globals.stores) {
    const count = counts.get(store.topic) ?? 0;
    if (count === 0) throw noPartitions(memory, store);
    for (let partition = 0; partition < count; partition++) addInput(store, partition);
  }
  globals.phase = 'bootstrapping';
  assignInputs(globals);
  askForEnds(memory, context, globals);
}

const noPartitions = ({ config }: StreamsMemory, { topic }: GlobalStore): StreamsError => {
  const store = planOf(config).topology.globalStores.find((part) => part.topic === topic)?.store.name ?? '';
  return new StreamsError(
    'StreamsException',
    `There are no partitions available for topic ${topic} when initializing global store ${store}`,
  );
};

function addInput({ topic, inputs }: GlobalStore, partition: number): void {
  const name = topicPartition(topic, partition);
  const position = inputs.get(name)?.position ?? 0;
  inputs.set(name, { topic, partition, position, end: -1, checkpointed: position });
}

function assignInputs(globals: GlobalStores): void {
  const inputs = inputsOf(globals);
  consumerAssign(
    globals.consumer,
    inputs.map(([, { topic, partition }]) => ({ topic, partition })),
  );
  for (const [name, { position }] of inputs) consumerSeek(globals.consumer, name, position);
}

function askForEnds(memory: StreamsMemory, context: NodeContext, globals: GlobalStores): void {
  const partitions = inputsOf(globals)
    .filter(([, { end }]) => end < 0)
    .map(([, { topic, partition }]) => ({ topic, partition, offset: LATEST_TIMESTAMP }));
  if (partitions.length > 0)
    globals.token = adminCall(memory.admin, context, { type: 'list-offsets', partitions });
}

type Ends = Extract<AdminNotice, { type: 'partitions-answered' }>;

/** The leaders said where the topics end; what nobody answered is asked for again. */
export function takeGlobalEnds(memory: StreamsMemory, context: NodeContext, { results }: Ends): void {
  const { globals } = memory;
  if (globals === null) return;
  const inputs = new Map(inputsOf(globals));
  for (const { topic, partition, offset, error } of results) {
    const input = inputs.get(topicPartition(topic, partition));
    if (error === NONE && input !== undefined) input.end = offset;
  }
  askForEnds(memory, context, globals);
}

/** Reads on in the tables' topics. Returns whether anything happened. */
function readGlobals(memory: StreamsMemory, context: NodeContext): boolean {
  const { globals } = memory;
  if (globals === null || globals.phase === 'describing' || globals.busy) return false;
  const slices = consumerPoll(globals.consumer, context);
  let records = 0;
  for (const slice of slices) records += apply(memory, context, { globals, slice });
  if (records > 0) {
    globals.busy = true;
    context.setTimer(GLOBAL_TIMER, records * RESTORE_MICROS);
  }
  const complete = globals.phase === 'bootstrapping' && isComplete(globals);
  if (complete) becomeReady(memory, context, globals);
  checkpointGlobals(context.disk, planOf(memory.config), globals, false);
  return slices.length > 0 || complete;
}

interface Applying {
  readonly globals: GlobalStores;
  readonly slice: RecordSlice;
}

/**
 * While the table is read back its records go into the store as they are, later through the table's processor
 * (`GlobalStateManagerImpl.restoreState`, `GlobalStateUpdateTask`).
 */
function apply(memory: StreamsMemory, context: NodeContext, { globals, slice }: Applying): number {
  const store = globals.stores.find(({ topic }) => topic === slice.topic);
  const input = store?.inputs.get(slice.name);
  const part = planOf(memory.config).topology.globalStores.find(({ topic }) => topic === slice.topic);
  if (store === undefined || input === undefined || part === undefined) return 0;
  const task = bindGlobal(memory, context, { part, state: store.state });
  for (let i = slice.from; i < slice.to; i++) {
    const record = inputRecord(slice, i);
    input.position = record.offset + 1;
    if (globals.phase === 'running') updateGlobal(task, record);
    else if (record.key !== null) task.restore(part.store.name, record.key, record.value, record.timestamp);
  }
  return slice.to - slice.from;
}

/** The consumer stands behind markers and gaps too, where there is nothing to apply. */
const isComplete = (globals: GlobalStores): boolean =>
  inputsOf(globals).every(([name, { position, end }]) => {
    const reached = globals.consumer.subscriptions.assigned.get(name)?.position?.offset ?? -1;
    return end >= 0 && Math.max(position, reached) >= end;
  });

/** All tables are there: the stream threads may start. */
function becomeReady(memory: StreamsMemory, context: NodeContext, globals: GlobalStores): void {
  globals.phase = 'running';
  startThreads(memory, context);
  for (const { topic, inputs } of globals.stores) {
    const records = [...inputs.values()].reduce(
      (sum, { position, checkpointed }) => sum + position - checkpointed,
      0,
    );
    const data: TraceEventData = { type: 'global-table-read', topic, records };
    context.trace(data);
  }
}

/** The simulated time of the records that were applied is over. */
export function endGlobalWork({ globals }: StreamsMemory): void {
  if (globals !== null) globals.busy = false;
}
