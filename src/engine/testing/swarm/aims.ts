import type { BrokerView, ClusterView } from '../../api/cluster-view.ts';
import type { ReplicaView } from '../../api/views/log.ts';
import type { NodeId } from '../../api/ids.ts';
import { TRANSACTION_STATE } from '../../checker/watch-transactions.ts';

/**
 * A moment that chance seldom meets, and at which a fault hurts most: while it lasts, the machine to hit. Only looks at
 * the run as it is now.
 */
export type Aim = (view: ClusterView) => NodeId | undefined;

type Led = (view: ClusterView, replica: ReplicaView, broker: BrokerView) => boolean;

/** The broker that leads a partition of which this is so. */
const leaderWhere =
  (isSo: Led): Aim =>
  (view) => {
    for (const broker of view.brokers)
      for (const replica of broker.replicas)
        if (replica.role === 'leader' && isSo(view, replica, broker)) return broker.node;
    return undefined;
  };

const followersOf = (view: ClusterView, { name }: ReplicaView): readonly ReplicaView[] =>
  view.brokers.flatMap(({ replicas }) =>
    replicas.filter((replica) => replica.name === name && replica.role === 'follower'),
  );

/** A leader has records of clients that no follower has. */
export const AHEAD_OF_ALL: Aim = leaderWhere((view, leader) => {
  if (leader.topic.startsWith('__') || leader.logEnd === leader.highWatermark) return false;
  const followers = followersOf(view, leader);
  return followers.length > 0 && followers.every(({ logEnd }) => logEnd < leader.logEnd);
});

/** A leader has told its clients of records as committed, and no follower knows yet that they are. */
export const COMMITTED_AND_UNKNOWN: Aim = leaderWhere((view, leader) => {
  const { highWatermark, topic } = leader;
  if (topic.startsWith('__') || highWatermark === 0) return false;
  const followers = followersOf(view, leader);
  return followers.length > 0 && followers.every((follower) => follower.highWatermark < highWatermark);
});

/** A leader has asked for another ISR, and was not answered. */
export const ISR_UNDER_WAY: Aim = leaderWhere((_, { isr, maximalIsr }) => maximalIsr.length > isr.length);

/** The end of a transaction is decided and stored, and its markers are not all written. */
export const END_DECIDED: Aim = leaderWhere((view, { topic, records, highWatermark }) => {
  const { last } = records;
  if (topic !== TRANSACTION_STATE || last === undefined || last.baseOffset >= highWatermark) return false;
  return view.transactionsIn(last).some(({ state }) => state.startsWith('Prepare'));
});

/** The leading controller has metadata that no other voter has. */
export const METADATA_AHEAD: Aim = ({ controllers }) =>
  controllers.find(
    (leader) =>
      leader.role === 'leader' &&
      controllers.every((other) => other === leader || other.logEnd < leader.logEnd),
  )?.node;

/** A group is being rebalanced. */
export const REBALANCING: Aim = (view) => {
  const group = view.groups().find(({ state }) => state !== 'Stable' && state !== 'Empty');
  return view.brokers.find(({ id }) => id === group?.coordinator)?.node;
};

/** A member of a group that is being rebalanced. */
export const REJOINING: Aim = (view) => {
  const group = view.groups().find(({ state }) => state !== 'Stable' && state !== 'Empty');
  return view.members().find(({ groupId }) => groupId === group?.groupId)?.node;
};

/** A reader has sent a commit that is not answered. */
export const COMMITTING: Aim = (view) => view.readers.find(({ commits }) => commits.length > 0)?.node;

export const AIMS: readonly Aim[] = [
  AHEAD_OF_ALL,
  COMMITTED_AND_UNKNOWN,
  ISR_UNDER_WAY,
  END_DECIDED,
  REBALANCING,
  REJOINING,
  COMMITTING,
];
