import type {
  ReaderView,
  ReportList,
  SentCommitView,
  SliceView,
  TransactorView,
} from '../../api/views/client.ts';
import type { NodeId } from '../../api/ids.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import type { ConsumerMemory, ConsumerProgramConfig } from '../../client/programs/consumer-memory.ts';
import type { OutputPlay } from '../../client/programs/output-play.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { memberView } from './group-views.ts';

/** A live look at a node that reads as a member of a group. */
export class ReaderFigure implements ReaderView {
  readonly node: NodeId;
  readonly groupId: string;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel, node: NodeId) {
    const { groupId } = kernel.slot(node).config as ConsumerProgramConfig;
    this.kernel = kernel;
    this.node = node;
    this.groupId = groupId;
  }

  /** What is written for it is in force from its next start on. */
  get readCommitted(): boolean {
    return this.memory?.consumer.config['isolation.level'] === 'read_committed';
  }

  get incarnation(): number {
    return this.kernel.slot(this.node).incarnation;
  }

  private get memory(): ConsumerMemory | undefined {
    return this.kernel.slot(this.node).memory as ConsumerMemory | undefined;
  }

  get generation(): number {
    const { memory } = this;
    return memory === undefined ? -1 : memberView(this.node, memory.consumer).generation;
  }

  get given(): number {
    return this.memory?.given ?? 0;
  }

  get rewinds(): number {
    return this.memory?.output?.aborted ?? 0;
  }

  get working(): readonly SliceView[] {
    return this.memory?.working ?? [];
  }

  get inHand(): readonly SliceView[] {
    return this.memory?.handed ?? this.working;
  }

  get reports(): ReportList | undefined {
    return this.memory?.ranges;
  }

  get commits(): readonly SentCommitView[] {
    const sent: SentCommitView[] = [];
    for (const { inFlight } of this.memory?.consumer.network.connections.values() ?? [])
      for (const { context } of inFlight)
        if (context.type === 'commit')
          sent.push({ token: context.token, generation: context.generationId, memberId: context.memberId });
    return sent;
  }
}

interface Transacting {
  readonly producer?: Producer;
  readonly output?: OutputPlay | null;
}

/** A live look at a node whose memory has a transactional producer. */
export class TransactorFigure implements TransactorView {
  readonly node: NodeId;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel, node: NodeId) {
    this.kernel = kernel;
    this.node = node;
  }

  private get producer(): Producer | undefined {
    const memory = this.kernel.slot(this.node).memory as Transacting | undefined;
    return memory?.producer ?? memory?.output?.producer;
  }

  get incarnation(): number {
    return this.kernel.slot(this.node).incarnation;
  }

  get producerId(): number {
    return this.producer?.idempotence.producerId ?? -1;
  }

  get producerEpoch(): number {
    return this.producer?.idempotence.producerEpoch ?? -1;
  }
}
