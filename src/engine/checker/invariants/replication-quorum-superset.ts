import type { PartitionPlace, RegistrationView } from '../../api/cluster-view.ts';
import type { ReplicaView } from '../../api/views/log.ts';
import type { Invariant, Scene } from '../invariant.ts';

/**
 * Whoever the controller holds to be in sync, the leader waits for: so what it commits is with all who may lead next. Asked
 * of leaders that the controller knows as such.
 */
export const REPLICATION_QUORUM_SUPERSET: Invariant = {
  id: 9,
  name: 'ReplicationQuorumSuperset',
  source: 'KIP-497, KIP-966; Vanlightly, kip_966_properties',
  onMetadata: checkAll,
  periodically: checkAll,
};

function checkAll(this: Invariant, scene: Scene): void {
  const { view, ghost } = scene;
  const isNews = view.metadataOffset !== ghost.metadataOffset;
  if (!isNews && ghost.changed.size === 0) return;
  const leaders = new Map<string, ReplicaView>();
  for (const { id, replicas } of view.brokers)
    for (const replica of replicas)
      if (replica.role === 'leader' && (isNews || ghost.changed.has(replica.name)))
        leaders.set(`${id} ${replica.name}`, replica);
  view.visitPartitions((place, registration) => {
    const leader = leaders.get(`${registration.leader} ${place.name}`);
    if (leader !== undefined) checkOne(this, scene, { place, registration, leader });
  });
}

interface Led {
  readonly place: PartitionPlace;
  readonly registration: RegistrationView;
  readonly leader: ReplicaView;
}

function checkOne(invariant: Invariant, scene: Scene, { place: { name }, registration, leader }: Led): void {
  if (leader.leaderEpoch !== registration.leaderEpoch) return;
  const { maximalIsr } = leader;
  const missing = registration.isr.find((id) => !maximalIsr.includes(id));
  if (missing === undefined) return;
  scene.report(invariant, {
    subject: name,
    sentence: `The leader of ${name} does not wait for broker ${missing}, which the controller holds to be in sync.`,
    partition: name,
    epochs: [registration.leaderEpoch],
    brokers: [missing],
  });
}
