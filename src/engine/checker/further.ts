import type { BrokerView, ControllerView } from '../api/cluster-view.ts';
import type { ReaderView, TransactorView } from '../api/views/client.ts';
import type { NodeId } from '../api/ids.ts';
import type { ReplicaView } from '../api/views/log.ts';
import { FURTHER_INVARIANTS } from './further-invariants.ts';
import { having, type Handlers, type Invariant, type Scene } from './invariant.ts';
import { describe, isSame } from './watch-replicas.ts';
import { QuorumWatch } from './watch-quorum.ts';
import { ShareWatch } from './watch-shares.ts';
import { ReaderWatch } from './watch-readers.ts';
import { TaskWatch } from './watch-tasks.ts';

/**
 * The first rules and those of parts that a calm run of a plain cluster does not use, or that only faults can break. One
 * of them may take the place of the first one of its number, of which it asks more.
 */
export const withFurther = (first: readonly Invariant[]): readonly Invariant[] => [
  ...first.filter(({ id }) => !FURTHER_INVARIANTS.some((further) => further.id === id)),
  ...FURTHER_INVARIANTS,
];

/**
 * Looks at what only these rules ask about: the metadata quorum, transactions, readers. It begins with the first event
 * that one of them could matter in, so that a first, calm run does without.
 */
export class FurtherWatch {
  private readonly quorum: QuorumWatch;
  private readonly readers: ReaderWatch;
  private readonly shares: ShareWatch;
  /** Only for applications that process exactly once. */
  private readonly tasks: TaskWatch | undefined;
  private readonly afterReplica: Handlers<'afterReplica'>;
  private readonly onMetadata: Handlers<'onMetadata'>;
  private readonly onTransactor: Handlers<'onTransactor'>;
  private readonly controllersByNode: ReadonlyMap<NodeId, ControllerView>;
  private readonly brokersByNode: ReadonlyMap<NodeId, BrokerView>;
  private readonly readersByNode: ReadonlyMap<NodeId, ReaderView>;
  private readonly transactorsByNode: ReadonlyMap<NodeId, TransactorView>;

  constructor({ view }: Scene, invariants: readonly Invariant[]) {
    this.quorum = new QuorumWatch(invariants);
    this.readers = new ReaderWatch(invariants);
    this.shares = new ShareWatch(invariants);
    this.brokersByNode = byNode(view.brokers);
    this.tasks = view.applications.some(({ exactlyOnce }) => exactlyOnce)
      ? new TaskWatch(invariants)
      : undefined;
    this.afterReplica = having(invariants, 'afterReplica');
    this.onMetadata = having(invariants, 'onMetadata');
    this.onTransactor = having(invariants, 'onTransactor');
    this.controllersByNode = byNode(view.controllers);
    this.readersByNode = byNode(view.readers);
    this.transactorsByNode = byNode(view.transactors);
  }

  look(scene: Scene, touched: NodeId): void {
    const controller = this.controllersByNode.get(touched);
    const reader = this.readersByNode.get(touched);
    const broker = this.brokersByNode.get(touched);
    const transactor = this.transactorsByNode.get(touched);
    if (controller !== undefined) this.quorum.look(scene, controller);
    if (broker !== undefined) this.shares.look(scene, broker);
    if (reader !== undefined) this.readers.look(scene, reader);
    if (transactor !== undefined) this.lookAtTransactor(scene, transactor);
    if (touched === '') this.lookAtAll(scene);
    if (controller !== undefined || touched === '') this.lookAtMetadata(scene);
    this.tasks?.look(scene);
  }

  /** What stands already is asked about once: a replica that does not change any more would never be. */
  begin(scene: Scene): void {
    for (const broker of this.brokersByNode.values())
      for (const replica of broker.replicas) this.askAbout(scene, broker, replica);
  }

  private askAbout(scene: Scene, broker: BrokerView, replica: ReplicaView): void {
    const seen = scene.ghost.brokers.get(broker.node)?.replicas.get(replica.name);
    const partition = scene.ghost.partitions.get(replica.name);
    if (seen === undefined || partition === undefined || !isSame(replica, seen)) return;
    const change = describe(broker, replica, partition, { seen, isNew: false });
    for (const invariant of this.afterReplica) invariant.afterReplica(scene, change);
  }

  lookAtAll(scene: Scene): void {
    for (const controller of this.controllersByNode.values()) this.quorum.look(scene, controller);
    for (const broker of this.brokersByNode.values()) this.shares.look(scene, broker);
    for (const reader of this.readersByNode.values()) this.readers.look(scene, reader);
    for (const transactor of this.transactorsByNode.values()) this.lookAtTransactor(scene, transactor);
  }

  private lookAtTransactor(scene: Scene, transactor: TransactorView): void {
    for (const invariant of this.onTransactor) invariant.onTransactor(scene, transactor);
  }

  private lookAtMetadata(scene: Scene): void {
    const { view, ghost } = scene;
    const { metadataOffset } = view;
    if (metadataOffset === ghost.metadataOffset) return;
    for (const invariant of this.onMetadata) invariant.onMetadata(scene);
    ghost.metadataOffset = metadataOffset;
  }
}

const byNode = <T extends { readonly node: NodeId }>(views: readonly T[]): ReadonlyMap<NodeId, T> =>
  new Map(views.map((view) => [view.node, view]));
