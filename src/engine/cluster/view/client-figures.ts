import type { ReaderView, SentCommitView, SliceView, TransactorView } from '../../api/cluster-view.ts';
import type { NodeId } from '../../api/ids.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import type { ConsumerMemory, ConsumerProgramConfig } from '../../client/programs/consumer-program.ts';
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

  get processed(): number {
    return this.memory?.processed ?? 0;
  }

  get working(): readonly SliceView[] {
    return this.memory?.working ?? [];
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

/** A live look at a node whose memory has a transactional producer. */
export class TransactorFigure implements TransactorView {
  readonly node: NodeId;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel, node: NodeId) {
    this.kernel = kernel;
    this.node = node;
  }

  private get producer(): Producer | undefined {
    return (this.kernel.slot(this.node).memory as { readonly producer: Producer } | undefined)?.producer;
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
