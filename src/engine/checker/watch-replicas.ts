import type { BatchView, ReplicaView } from '../api/views/log.ts';
import type { BrokerView } from '../api/cluster-view.ts';
import { commit, isSameBatch, standingAt, uncommit } from './committed-log.ts';
import {
  partitionGhost,
  type BrokerGhost,
  type Ghost,
  type PartitionGhost,
  type SeenReplica,
} from './ghost.ts';
import { endOf, having, type Handlers, type Invariant, type ReplicaChange, type Scene } from './invariant.ts';
import { forgetRemade } from './remade-topics.ts';
import { uncount } from './uncount.ts';
import { takeTransactions } from './watch-transactions.ts';

/** A broker's replicas beside what was seen of them, in the same order. Only a memo of the ghost. */
interface Layout {
  readonly replicas: readonly ReplicaView[];
  readonly seen: readonly (SeenReplica | undefined)[];
}

/** Finds what changed in the brokers' replicas since they were looked at last, and has it checked. */
export class ReplicaWatch {
  private readonly onReplica: Handlers<'onReplica'>;
  private readonly afterReplica: Handlers<'afterReplica'>;
  private readonly onReturn: Handlers<'onReturn'>;
  private readonly onTransaction: Handlers<'onTransaction'>;
  private readonly onAppended: Handlers<'onAppended'>;
  private readonly onExposed: Handlers<'onExposed'>;
  private layouts = new Map<BrokerView, Layout>();

  constructor(invariants: readonly Invariant[]) {
    this.onReplica = having(invariants, 'onReplica');
    this.afterReplica = having(invariants, 'afterReplica');
    this.onReturn = having(invariants, 'onReturn');
    this.onTransaction = having(invariants, 'onTransaction');
    this.onAppended = having(invariants, 'onAppended');
    this.onExposed = having(invariants, 'onExposed');
  }

  /** The ghost is another one now. */
  reset(): void {
    this.layouts = new Map();
  }

  look(scene: Scene, broker: BrokerView): void {
    const { replicas } = broker;
    let layout = this.layouts.get(broker);
    if (layout?.replicas !== replicas) layout = this.layOut(scene, broker);
    const { seen } = layout;
    for (let i = 0; i < replicas.length; i++) {
      const replica = replicas[i] as ReplicaView;
      const before = seen[i];
      if (before !== undefined && isSame(replica, before)) continue;
      this.change(scene, broker, replica, before);
      if (before === undefined) this.layouts.delete(broker);
    }
  }

  private layOut(scene: Scene, broker: BrokerView): Layout {
    const before = scene.ghost.brokers.get(broker.node);
    if (before !== undefined && before.incarnation !== broker.incarnation)
      for (const invariant of this.onReturn) invariant.onReturn(scene, { broker, before });
    const life = lifeOf(scene.ghost, broker);
    if (broker.status === 'down') {
      // What it held is kept until it is back.
      life.lostPower = broker.poweredOff;
      return this.remember(broker, { replicas: broker.replicas, seen: [] });
    }
    const hosted = new Set(broker.replicas.map(({ name }) => name));
    for (const name of life.replicas.keys()) if (!hosted.has(name)) life.replicas.delete(name);
    const seen = broker.replicas.map(({ name }) => life.replicas.get(name));
    return this.remember(broker, { replicas: broker.replicas, seen });
  }

  private remember(broker: BrokerView, layout: Layout): Layout {
    this.layouts.set(broker, layout);
    return layout;
  }

  private change(
    scene: Scene,
    broker: BrokerView,
    replica: ReplicaView,
    known: SeenReplica | undefined,
  ): void {
    const partition = partitionGhost(scene.ghost, replica);
    partition.topicId ||= replica.topicId;
    if (partition.topicId !== replica.topicId) {
      if (!forgetRemade(scene, partition, replica)) return;
      this.reset();
      this.change(scene, broker, replica, undefined);
      return;
    }
    scene.ghost.changed.add(replica.name);
    const seen = known ?? firstSight(replica);
    if (known === undefined) lifeOf(scene.ghost, broker).replicas.set(replica.name, seen);
    const change = describe(broker, replica, partition, { seen, isNew: known === undefined });
    for (const invariant of this.onReplica) invariant.onReplica(scene, change);
    if (change.wasCut) rewind(seen, replica);
    this.lookAtAppended(scene, change, seen);
    this.lookAtExposed(scene, change, seen);
    if (replica.highWatermark > partition.highestWatermark)
      partition.highestWatermark = replica.highWatermark;
    remember(seen, replica);
    for (const invariant of this.afterReplica) invariant.afterReplica(scene, change);
  }

  private lookAtAppended(scene: Scene, { broker, replica }: ReplicaChange, seen: SeenReplica): void {
    if (replica.logEnd <= seen.appendedTo) return;
    let previous = seen.appendedTo === replica.logStart ? undefined : seen.last;
    replica.records.visit(seen.appendedTo, replica.logEnd, (batch) => {
      for (const invariant of this.onAppended)
        invariant.onAppended(scene, { broker, replica, batch, previous });
      previous = batch;
    });
    seen.appendedTo = replica.logEnd;
  }

  private lookAtExposed(
    scene: Scene,
    { broker, replica, partition }: ReplicaChange,
    seen: SeenReplica,
  ): void {
    const { highWatermark, logStart } = replica;
    if (highWatermark <= seen.exposedTo) return;
    // What lies before the start cannot be read, though it may still be on the disk.
    seen.exposedTo = Math.max(seen.exposedTo, Math.min(logStart, highWatermark));
    replica.records.visit(seen.exposedTo, highWatermark, (batch) => {
      if (endOf(batch) > highWatermark) return;
      const standing = standingAt(partition, batch);
      const isNews = batch.baseOffset >= partition.committedEnd;
      const exposed = { broker, replica, partition, batch, standing, isNews };
      for (const invariant of this.onExposed) invariant.onExposed(scene, exposed);
      takeIn(scene, partition, { replica, batch, standing, isNews });
      if (isNews && scene.ghost.isFurther)
        takeTransactions(scene, { partition, batch, asked: this.onTransaction });
      seen.exposedTo = endOf(batch);
    });
  }
}

function lifeOf(ghost: Ghost, broker: BrokerView): BrokerGhost {
  let life = ghost.brokers.get(broker.node);
  if (life === undefined || life.incarnation !== broker.incarnation) {
    life = { incarnation: broker.incarnation, replicas: new Map(), lostPower: false };
    ghost.brokers.set(broker.node, life);
  }
  return life;
}

export const isSame = (replica: ReplicaView, seen: SeenReplica): boolean =>
  replica.logEnd === seen.logEnd &&
  replica.highWatermark === seen.highWatermark &&
  replica.leaderEpoch === seen.leaderEpoch &&
  replica.logStart === seen.logStart &&
  replica.role === seen.role;

const firstSight = (replica: ReplicaView): SeenReplica => ({
  role: replica.role,
  leaderEpoch: replica.leaderEpoch,
  logStart: replica.logStart,
  highWatermark: replica.highWatermark,
  logEnd: replica.logEnd,
  appendedTo: replica.logStart,
  exposedTo: replica.logStart,
  last: undefined,
  flushedEnd: 0,
});

interface Known {
  readonly seen: SeenReplica;
  readonly isNew: boolean;
}

export function describe(
  broker: BrokerView,
  replica: ReplicaView,
  partition: PartitionGhost,
  { seen, isNew }: Known,
): ReplicaChange {
  const leads = replica.role === 'leader';
  const beganToLead = leads && (isNew || seen.role !== 'leader' || seen.leaderEpoch !== replica.leaderEpoch);
  const wasCut = !isNew && (replica.logEnd < seen.logEnd || wasReplaced(replica, seen));
  return { broker, replica, partition, before: seen, isNew, beganToLead, wasCut };
}

/** Something was cut off and something else appended at once. */
function wasReplaced({ records, logStart }: ReplicaView, { last }: SeenReplica): boolean {
  if (last === undefined || last.baseOffset < logStart || records.last === last) return false;
  const now = records.at(last.baseOffset);
  return now === undefined || !isSameBatch(now, last);
}

/** What lies beyond a cut has to be looked at anew, from the batch that the cut went through. */
function rewind(seen: SeenReplica, replica: ReplicaView): void {
  const kept = seen.last !== undefined && replica.logEnd < seen.logEnd ? replica.logEnd : replica.logStart;
  const last = kept > replica.logStart ? replica.records.last : undefined;
  const from = last === undefined ? replica.logStart : Math.min(kept, endOf(last));
  seen.appendedTo = Math.min(seen.appendedTo, from);
  seen.exposedTo = Math.min(seen.exposedTo, from);
  seen.last = last;
}

function remember(seen: SeenReplica, replica: ReplicaView): void {
  seen.role = replica.role;
  seen.leaderEpoch = replica.leaderEpoch;
  seen.logStart = replica.logStart;
  seen.highWatermark = replica.highWatermark;
  seen.logEnd = replica.logEnd;
  seen.last = replica.records.last;
  seen.flushedEnd = replica.records.flushedEnd;
}

interface Exposure {
  readonly replica: ReplicaView;
  readonly batch: BatchView;
  readonly standing: BatchView | undefined;
  readonly isNews: boolean;
}

/**
 * Where a leader shows something else than what was committed, its word is the truth from now on: what was reported once
 * must not be reported for every record that follows.
 */
function takeIn(
  { view, ghost }: Scene,
  partition: PartitionGhost,
  { replica, batch, standing, isNews }: Exposure,
): void {
  if (isNews) {
    commit(partition, batch);
    return;
  }
  if (standing === undefined || isSameBatch(batch, standing) || replica.role !== 'leader') return;
  uncount(view, ghost, partition, uncommit(partition, batch.baseOffset));
  if (batch.baseOffset >= partition.committedEnd) commit(partition, batch);
}
