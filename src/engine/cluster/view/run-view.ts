import type { ApplicationView, TaskView } from '../../api/views/application.ts';
import type { BatchView } from '../../api/views/log.ts';
import type {
  BrokerRegistrationView,
  BrokerView,
  ClusterView,
  ControllerView,
  PartitionPlace,
  RegistrationView,
} from '../../api/cluster-view.ts';
import type { GroupView, MemberView, StoredCommitView, TransactionView } from '../../api/views/group.ts';
import type { ProducerView, ReaderView, TransactorView, WorkingGroupView } from '../../api/views/client.ts';
import { controllerNodes, memberNode, topicPartition, type NodeId } from '../../api/ids.ts';
import type { GroupSpec, Scenario } from '../../api/scenario.ts';
import type { TraceEvent } from '../../api/trace-event.ts';
import type { SimTime } from '../../base/time.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import type { ConsumerMemory } from '../../client/programs/consumer-memory.ts';
import { partitionOf, type MetadataImage } from '../../metadata/metadata-image.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { livingThreads, type StreamsMemory } from '../../streams/runtime/instance-memory.ts';
import { knownImage } from '../known-image.ts';
import { BrokerFigure } from './broker-figure.ts';
import { figuresOf, type Figures } from './figures.ts';
import { groupViews, memberView } from './group-views.ts';
import { ProducerFigure } from './producer-figure.ts';
import { commitsIn, transactionsIn } from './stored-records.ts';
import { taskViews } from './task-views.ts';
import { workingGroups } from './working-groups.ts';

/** What is read of a scenario: its machines and what they were asked to do. */
export type ViewedScenario = Pick<
  Scenario,
  'brokers' | 'controllers' | 'topics' | 'producers' | 'applications' | 'groups' | 'shareGroups'
> & {
  /** Further machines whose memory has a transactional producer. */
  readonly copiers?: readonly NodeId[];
};

const isElaborate = ({
  controllers = 1,
  copiers = [],
  producers,
  groups,
  shareGroups = [],
}: ViewedScenario): boolean =>
  controllers > 1 ||
  shareGroups.length > 0 ||
  copiers.length > 0 ||
  producers.some(({ config }) => config['transactional.id'] !== undefined) ||
  groups.some(({ config, output }) => config['group.protocol'] === 'consumer' || output !== undefined);

const readersOf = ({ id, members }: GroupSpec): NodeId[] =>
  Array.from({ length: members }, (_, i) => memberNode(id, i + 1));

/** The view of a kernel that runs a scenario's machines. Times are the kernel's. */
export class RunView implements ClusterView {
  readonly brokers: readonly BrokerView[];
  readonly producers: readonly ProducerView[];
  readonly applications: readonly ApplicationView[];
  readonly workingGroups: readonly WorkingGroupView[];
  readonly isElaborate: boolean;
  private readonly kernel: Kernel;
  private readonly consumers: readonly NodeId[];
  private readonly controllerNodes: readonly NodeId[];
  private readonly brokerNodes: readonly NodeId[];
  private readonly writers: readonly NodeId[];
  private figures: Figures | undefined = undefined;

  constructor(kernel: Kernel, scenario: ViewedScenario) {
    this.kernel = kernel;
    const ids = scenario.brokers.map(({ id }) => id).sort((a, b) => a - b);
    this.brokers = ids.map((id) => new BrokerFigure(kernel, id));
    this.brokerNodes = this.brokers.map(({ node }) => node);
    this.controllerNodes = controllerNodes(scenario.controllers ?? 1);
    this.isElaborate = isElaborate(scenario);
    const members = scenario.groups.filter(({ output }) => output !== undefined).flatMap(readersOf);
    this.writers = [...scenario.producers.map(({ id }) => id), ...members, ...(scenario.copiers ?? [])];
    this.producers = scenario.producers.map(({ id }) => new ProducerFigure(kernel, id));
    this.applications = scenario.applications.map(({ id, instances: count, topology, config }) => {
      const instances = Array.from({ length: count }, (_, i) => memberNode(id, i + 1));
      const exactlyOnce = config['processing.guarantee'] === 'exactly_once_v2';
      return { id, topology, exactlyOnce, instances, tasks: () => this.tasksOf(instances) };
    });
    this.consumers = scenario.groups.flatMap(readersOf);
    const { groups, producers } = scenario;
    const isWorked = groups.some((group) => producers.some(({ topic }) => topic === group.topic));
    this.workingGroups = isWorked ? workingGroups(scenario) : [];
  }

  get now(): SimTime {
    return this.kernel.state.now;
  }

  get touched(): NodeId {
    return this.kernel.touched;
  }

  get newestTrace(): number {
    return this.kernel.state.trace.end;
  }

  visitTraces(after: number, visit: (event: TraceEvent) => void): void {
    const { trace } = this.kernel.state;
    for (let i = Math.max(after, trace.start); i < trace.end; i++) visit(trace.at(i) as TraceEvent);
  }

  private memory<T>(node: NodeId): T | undefined {
    return this.kernel.state.nodes.get(node)?.memory as T | undefined;
  }

  private image(): MetadataImage {
    return knownImage(this.kernel, this.controllerNodes, this.brokerNodes);
  }

  partition(topic: string, partition: number): RegistrationView | undefined {
    return partitionOf(this.image(), topic, partition);
  }

  topicId(topic: string): string | undefined {
    return this.image().topics.get(topic)?.topicId;
  }

  visitPartitions(visit: (where: PartitionPlace, registration: RegistrationView) => void): void {
    for (const { name: topic, partitions } of this.image().topics.values())
      partitions.forEach((registration, partition) =>
        visit({ topic, partition, name: topicPartition(topic, partition) }, registration),
      );
  }

  visitRegistrations(visit: (registration: BrokerRegistrationView) => void): void {
    for (const { brokerId: id, brokerEpoch: epoch, fenced } of this.image().brokers.values())
      visit({ id, epoch, fenced });
  }

  get metadataOffset(): number {
    return this.image().offset;
  }

  /** Made when first asked for: a first, calm run does without them. */
  private get made(): Figures {
    this.figures ??= figuresOf(this.kernel, {
      controllers: this.controllerNodes,
      writers: this.writers,
      readers: this.consumers,
    });
    return this.figures;
  }

  get controllers(): readonly ControllerView[] {
    return this.made.controllers;
  }

  get transactors(): readonly TransactorView[] {
    return this.made.transactors;
  }

  get readers(): readonly ReaderView[] {
    return this.made.readers;
  }

  transactionsIn(batch: BatchView): readonly TransactionView[] {
    return transactionsIn(batch);
  }

  commitsIn(batch: BatchView): readonly StoredCommitView[] {
    return commitsIn(batch);
  }

  /** Both are written to the log before they count. */
  get groupsVersion(): number {
    let version = 0;
    for (const { node } of this.brokers) {
      const shards = this.memory<BrokerMemory>(node)?.coordinator.shards;
      for (const { leaderEpoch, committedOffset, lastWrittenOffset } of shards?.values() ?? [])
        version += leaderEpoch + committedOffset + lastWrittenOffset;
    }
    return version;
  }

  groups(): readonly GroupView[] {
    const image = this.image();
    const found: GroupView[] = [];
    for (const { node } of this.brokers) {
      const memory = this.memory<BrokerMemory>(node);
      if (memory !== undefined) found.push(...groupViews(memory, image));
    }
    return found.sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  }

  members(): readonly MemberView[] {
    const found: MemberView[] = [];
    for (const node of this.consumers) {
      const memory = this.memory<ConsumerMemory>(node);
      if (memory !== undefined) found.push(memberView(node, memory.consumer));
    }
    for (const { instances } of this.applications)
      for (const node of instances) {
        const memory = this.memory<StreamsMemory>(node);
        for (const { main } of memory === undefined ? [] : livingThreads(memory))
          found.push(memberView(node, main));
      }
    return found;
  }

  private tasksOf(instances: readonly NodeId[]): TaskView[] {
    return instances.flatMap((node) => {
      const memory = this.memory<StreamsMemory>(node);
      return memory === undefined ? [] : taskViews(node, memory, this.kernel.slot(node).disk);
    });
  }
}
