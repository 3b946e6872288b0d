import type {
  ApplicationEntity,
  SubtopologyFacts,
  TaskCopy,
  TaskEntity,
} from '../../api/entities/application.ts';
import { memberNode, topicPartition, type NodeId } from '../../api/ids.ts';
import type { ApplicationSpec } from '../../api/scenario.ts';
import { producerFacts } from '../../client/producer/producer-facts.ts';
import { globalFacts } from '../../streams/runtime/global-facts.ts';
import type { StreamsInstanceConfig } from '../../streams/runtime/instance-config.ts';
import type { StreamsMemory } from '../../streams/runtime/instance-memory.ts';
import type { StreamThread } from '../../streams/runtime/stream-thread.ts';
import { subtopologyFacts } from '../../streams/runtime/subtopology-facts.ts';
import { copyFactsOf, taskFactsOf, type RuntimeTaskFacts } from '../../streams/runtime/task-facts.ts';
import { windowFacts } from '../../streams/runtime/window-facts.ts';
import type { World } from '../world.ts';
import { highWatermarkOf, type ReplicaIndex } from './partition-entities.ts';
import { rateOf, type FrameSource } from './frame-source.ts';

/** Name of the counter of records a task has processed, over all its lives. */
export const processedCounter = (application: string, task: string): string =>
  `processed/${application}/${task}`;

export const instancesOf = ({ id, instances }: ApplicationSpec): NodeId[] =>
  Array.from({ length: instances }, (_, i) => memberNode(id, i + 1));

/** The parts of an application: known from its configuration, also while no instance lives. */
export function partsOf(world: World, spec: ApplicationSpec): SubtopologyFacts[] {
  const [first] = instancesOf(spec);
  return first === undefined ? [] : subtopologyFacts(world.slot(first).config as StreamsInstanceConfig);
}

/** By specification; it never changes in a run. Only a memo. */
const sourceTopics = new WeakMap<ApplicationSpec, readonly string[]>();

/** Topics that an application reads, internal ones included. */
export function sourceTopicsOf(world: World, spec: ApplicationSpec): readonly string[] {
  let topics = sourceTopics.get(spec);
  if (topics === undefined) {
    topics = [...new Set(partsOf(world, spec).flatMap(({ sources }) => sources))].sort();
    sourceTopics.set(spec, topics);
  }
  return topics;
}

interface HeldTask extends RuntimeTaskFacts {
  readonly instance: NodeId;
}

/** Every task that some instance has, by id. While a task moves, the one that runs it counts. */
export function heldTasks(world: World, spec: ApplicationSpec): Map<string, HeldTask> {
  const held = new Map<string, HeldTask>();
  for (const instance of instancesOf(spec)) {
    const memory = world.instance(instance);
    if (memory === undefined) continue;
    for (const facts of taskFactsOf(memory)) {
      const before = held.get(facts.task);
      if (before === undefined || before.state !== 'running') held.set(facts.task, { ...facts, instance });
    }
  }
  return held;
}

export function applicationEntities(
  source: FrameSource,
  replicas: ReplicaIndex,
): (ApplicationEntity | TaskEntity)[] {
  return source.world.scenario.applications.flatMap((spec) => {
    const parts = partsOf(source.world, spec);
    const tasks = taskEntities(source, spec, { parts, replicas });
    return [applicationEntity(source, spec, { parts, tasks }), ...tasks];
  });
}

interface ApplicationParts {
  readonly parts: readonly SubtopologyFacts[];
  readonly tasks: readonly TaskEntity[];
}

function applicationEntity(
  { world }: FrameSource,
  spec: ApplicationSpec,
  { parts, tasks }: ApplicationParts,
): ApplicationEntity {
  const instances = instancesOf(spec);
  const sum = (value: (task: TaskEntity) => number) => tasks.reduce((total, task) => total + value(task), 0);
  return {
    kind: 'application',
    id: `application:${spec.id}`,
    name: spec.id,
    instances,
    subtopologies: parts,
    windows: windowFacts(livingInstances(world, spec)),
    globalTables: instances.flatMap((instance) => {
      const memory = world.instance(instance);
      return memory === undefined || memory.globals === null ? [] : globalFacts(memory, instance);
    }),
    droppedLate: sum(({ droppedLate }) => droppedLate),
    processed: sum(({ processed }) => processed),
    passingOn: livingInstances(world, spec)
      .flatMap(({ threads }) => threads)
      .reduce((total, thread) => total + passingOn(thread, parts), 0),
    recordsPerSecond: Math.round(sum(({ recordsPerSecond }) => recordsPerSecond) * 10) / 10,
  };
}

/** One entity for each sub-topology and partition, also for tasks that nobody has. */
function taskEntities(
  source: FrameSource,
  spec: ApplicationSpec,
  { parts, replicas }: { readonly parts: readonly SubtopologyFacts[]; readonly replicas: ReplicaIndex },
): TaskEntity[] {
  const held = heldTasks(source.world, spec);
  const copies = taskCopies(source.world, spec, replicas);
  return parts.flatMap(({ id: subtopology, sources }) =>
    Array.from({ length: partitionsOf(source.world, sources) }, (_, partition) => {
      const task = `${subtopology}_${partition}`;
      const facts = held.get(task);
      const inputs = sources.map((topic) => topicPartition(topic, partition));
      return taskEntity(source, spec.id, {
        task,
        subtopology,
        partition,
        inputs,
        facts,
        copies: copies.get(task) ?? [],
      });
    }),
  );
}

/** Where the stores of each task are kept up beside the task itself. */
function taskCopies(world: World, spec: ApplicationSpec, replicas: ReplicaIndex): Map<string, TaskCopy[]> {
  const copies = new Map<string, TaskCopy[]>();
  for (const instance of instancesOf(spec)) {
    const memory = world.instance(instance);
    for (const { task, positions } of memory === undefined ? [] : copyFactsOf(memory)) {
      const behind = positions.reduce(
        (sum, changelog) =>
          sum + Math.max(0, highWatermarkOf(world, replicas, changelog) - changelog.position),
        0,
      );
      copies.set(task, [...(copies.get(task) ?? []), { instance, behind }]);
    }
  }
  return copies;
}

const partitionsOf = (world: World, topics: readonly string[]): number =>
  Math.max(0, ...topics.map((topic) => world.image().topics.get(topic)?.partitions.length ?? 0));

interface TaskPlace {
  readonly task: string;
  readonly subtopology: number;
  readonly partition: number;
  readonly inputs: readonly string[];
  readonly facts: HeldTask | undefined;
  readonly copies: readonly TaskCopy[];
}

function taskEntity(source: FrameSource, application: string, place: TaskPlace): TaskEntity {
  const { task, subtopology, partition, inputs, facts } = place;
  const processed = facts?.processed ?? 0;
  return {
    kind: 'task',
    id: `task:${application}/${task}`,
    application,
    task,
    subtopology,
    partition,
    instance: facts?.instance ?? '',
    ...(facts === undefined ? {} : { thread: facts.thread }),
    state: facts?.state ?? 'unassigned',
    inputs: facts?.inputs ?? inputs,
    buffered: facts?.buffered ?? 0,
    processed,
    streamTime: facts?.streamTime ?? -1,
    droppedLate: facts?.droppedLate ?? 0,
    storeEntries: facts?.storeEntries ?? 0,
    restoreRemaining: facts?.restoreRemaining ?? 0,
    copies: place.copies,
    recordsPerSecond: rateOf(source, processedCounter(application, task), processed),
  };
}

/** Records for topics of its own, changelogs included, that a thread has made and whose outcome it does not know. */
function passingOn({ producer, outbox }: StreamThread, parts: readonly SubtopologyFacts[]): number {
  const sources = parts.flatMap((part) => part.sources);
  const results = parts.flatMap(({ sinks }) => sinks.filter((topic) => !sources.includes(topic)));
  const held = [...producer.accumulator.topics.keys()]
    .filter((topic) => !results.includes(topic))
    .flatMap((topic) => producerFacts(producer, topic).waitingByPartition);
  return held.reduce(
    (total, count) => total + count,
    outbox.filter(({ topic }) => !results.includes(topic)).length,
  );
}

/** Memories of an application's instances that live. */
const livingInstances = (world: World, spec: ApplicationSpec): StreamsMemory[] =>
  instancesOf(spec).flatMap((node) => world.instance(node) ?? []);
