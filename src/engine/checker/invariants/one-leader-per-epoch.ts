import type { Invariant } from '../invariant.ts';

/**
 * For a partition and a leader epoch at most one broker believes that it leads. Two leaders at once in different epochs are
 * legal: the older one does not know yet.
 */
export const ONE_LEADER_PER_EPOCH: Invariant = {
  id: 7,
  name: 'OneLeaderPerLeaderEpoch',
  source: 'KIP-101',
  onReplica(scene, { broker, replica, partition, beganToLead }) {
    if (!beganToLead) return;
    const { leaderEpoch, name } = replica;
    const known = partition.leaders.get(leaderEpoch);
    partition.leaders.set(leaderEpoch, known ?? broker.id);
    if (known === undefined || known === broker.id) return;
    scene.report(this, {
      subject: name,
      sentence: `Brokers ${known} and ${broker.id} both lead ${name} in epoch ${leaderEpoch}.`,
      partition: name,
      epochs: [leaderEpoch],
      brokers: [known, broker.id],
    });
  },
};
