import type { BrokerId } from '../../api/ids.ts';
import type { ReplicaView } from '../../api/views/log.ts';
import type { Invariant, Scene } from '../invariant.ts';

/**
 * Whoever is in sync, by the word of the controller and of the leader, has everything committed: each of them may lead next.
 * One of the two alone may not have heard of the last change yet.
 */
export const LEADER_CANDIDATE_COMPLETENESS: Invariant = {
  id: 10,
  name: 'LeaderCandidateCompleteness',
  source: 'KIP-966; Vanlightly, kafka-tlaplus',
  periodically: checkCandidates,
  atQuiescence: checkCandidates,
};

/** Only where something changed since the last time. */
function checkCandidates(this: Invariant, scene: Scene): void {
  const { view, ghost } = scene;
  if (ghost.changed.size === 0) return;
  const leaders = newestLeaders(scene);
  for (const broker of view.brokers)
    for (const replica of broker.replicas) {
      const { name, topic, partition, logEnd } = replica;
      const leader = leaders.get(name);
      const committedEnd = ghost.partitions.get(name)?.committedEnd ?? 0;
      if (leader === undefined || logEnd >= committedEnd || !leader.isr.includes(broker.id)) continue;
      if (view.partition(topic, partition)?.isr.includes(broker.id) !== true) continue;
      reportShort(this, scene, broker.id, replica);
    }
}

function reportShort(invariant: Invariant, scene: Scene, id: BrokerId, { name, logEnd }: ReplicaView): void {
  const committedEnd = scene.ghost.partitions.get(name)?.committedEnd ?? 0;
  scene.report(invariant, {
    subject: `${name} on ${id}`,
    sentence: `Broker ${id} counts as in sync of ${name} with a log up to ${logEnd}, but records up to ${committedEnd} were committed.`,
    partition: name,
    offsets: [logEnd, committedEnd],
    brokers: [id],
  });
}

function newestLeaders({ view, ghost }: Scene): ReadonlyMap<string, ReplicaView> {
  const leaders = new Map<string, ReplicaView>();
  for (const { replicas } of view.brokers)
    for (const replica of replicas) {
      if (!ghost.changed.has(replica.name) || replica.role !== 'leader') continue;
      if (replica.leaderEpoch > (leaders.get(replica.name)?.leaderEpoch ?? -1))
        leaders.set(replica.name, replica);
    }
  return leaders;
}
