import type { BatchView, ProducerStateView, ReplicaView } from '../../api/views/log.ts';
import type { NextSequence } from '../ghost.ts';
import type { BrokerView } from '../../api/cluster-view.ts';
import type { ExposedBatch, Invariant, Scene } from '../invariant.ts';

/**
 * A leader appends only the next sequence of a producer, or the first of a new epoch; and replicas that hold the same log
 * know the same of its producers, for whoever leads next must recognise a retry too.
 */
export const SEQUENCE_WINDOW: Invariant = {
  id: 25,
  name: 'SequenceWindow',
  source: 'KIP-98, ProducerStateManager',
  onExposed(scene, exposed) {
    const { broker, replica, partition, batch, isNews } = exposed;
    if (!isNews || batch.producerId < 0 || batch.baseSequence < 0) return;
    const known = partition.sequences.get(batch.producerId);
    if (known === undefined || follows(known, batch) || partition.forgotten.has(batch.producerId)) return;
    reportOther(this, scene, { broker, replica, batch, known });
  },
  periodically: compareReplicas,
  atQuiescence: compareReplicas,
};

interface OtherSequence extends Pick<ExposedBatch, 'broker' | 'replica' | 'batch'> {
  readonly known: NextSequence;
}

function reportOther(
  invariant: Invariant,
  scene: Scene,
  { broker, replica: { name }, batch, known }: OtherSequence,
): void {
  const { producerId, producerEpoch, baseSequence, baseOffset } = batch;
  scene.report(invariant, {
    subject: `${name} of producer ${producerId}`,
    sentence: `Producer ${producerId} has sequence ${baseSequence} of epoch ${producerEpoch} in ${name} where ${known.next} of epoch ${known.epoch} was next.`,
    partition: name,
    offsets: [baseOffset],
    brokers: [broker.id],
  });
}

/** A sequence that was there before is another rule's matter. */
function follows({ epoch, next }: NextSequence, batch: BatchView): boolean {
  if (batch.producerEpoch === epoch) return batch.baseSequence <= next;
  return batch.producerEpoch > epoch && batch.baseSequence === 0;
}

/** Only where something changed since the last time. */
function compareReplicas(this: Invariant, scene: Scene): void {
  const { changed } = scene.ghost;
  const leaders = new Map<string, ReplicaView>();
  for (const { replicas } of scene.view.brokers)
    for (const replica of replicas)
      if (changed.has(replica.name) && isNewestLeader(replica, leaders)) leaders.set(replica.name, replica);
  for (const broker of leaders.size === 0 ? [] : scene.view.brokers)
    for (const replica of broker.replicas) {
      const leader = leaders.get(replica.name);
      if (leader === undefined || leader === replica || !holdSame(leader, replica)) continue;
      const problem = firstDifference(leader, replica);
      if (problem !== undefined) reportDifference(this, scene, { broker, replica, problem });
    }
}

interface Difference {
  readonly broker: BrokerView;
  readonly replica: ReplicaView;
  readonly problem: string;
}

function reportDifference(
  invariant: Invariant,
  scene: Scene,
  { broker, replica, problem }: Difference,
): void {
  scene.report(invariant, {
    subject: `${replica.name} on ${broker.id}`,
    sentence: `Broker ${broker.id} holds the log of ${replica.name} as its leader does, but ${problem}.`,
    partition: replica.name,
    offsets: [replica.logEnd],
    brokers: [broker.id],
  });
}

const isNewestLeader = (replica: ReplicaView, leaders: ReadonlyMap<string, ReplicaView>): boolean =>
  replica.role === 'leader' && replica.leaderEpoch > (leaders.get(replica.name)?.leaderEpoch ?? -1);

const holdSame = (leader: ReplicaView, replica: ReplicaView): boolean =>
  leader.logEnd === replica.logEnd &&
  leader.records.last !== undefined &&
  leader.records.last === replica.records.last;

/** Producers that only one of them knows are left out: each forgets the silent ones on its own clock. */
function firstDifference(leader: ReplicaView, replica: ReplicaView): string | undefined {
  const states = new Map<number, ProducerStateView>();
  leader.visitProducers((state) => states.set(state.producerId, state));
  let problem: string | undefined;
  replica.visitProducers((state) => {
    const other = states.get(state.producerId);
    if (other === undefined || state.lastSequence < 0 || other.lastSequence < 0) return;
    const same =
      other.producerEpoch === state.producerEpoch &&
      other.lastSequence === state.lastSequence &&
      other.lastOffset === state.lastOffset;
    if (!same) problem ??= knownOtherwise(state, other);
  });
  return problem;
}

const knownOtherwise = (state: ProducerStateView, leaders: ProducerStateView): string =>
  `knows producer ${state.producerId} up to sequence ${state.lastSequence} of epoch ${state.producerEpoch}, ` +
  `the leader up to ${leaders.lastSequence} of epoch ${leaders.producerEpoch}`;
