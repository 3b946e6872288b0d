import type { BrokerId } from '../../api/ids.ts';
import type { PartitionPlace, RegistrationView } from '../../api/cluster-view.ts';
import type { ReplicaView } from '../../api/views/log.ts';
import { partitionGhost } from '../ghost.ts';
import type { Invariant, Scene } from '../invariant.ts';

const NOBODY: readonly BrokerId[] = [];

/**
 * Who joins the ISR has the log of the leader up to where its epoch began: only then its high watermark says what is
 * committed. Asked of brokers that follow this leader.
 */
export const APPLIED_HIGH_WATERMARK_GATE: Invariant = {
  id: 15,
  name: 'AppliedHWGate',
  source: 'KIP-320; hachikuji, Kip320.tla',
  onMetadata(scene) {
    scene.view.visitPartitions((place, registration) => {
      const partition = partitionGhost(scene.ghost, place);
      const { isr: before } = partition;
      const { isr } = registration;
      if (before === isr) return;
      partition.isr = isr;
      for (const id of before === undefined ? NOBODY : isr)
        if (before?.includes(id) === false) checkJoined(this, scene, { place, registration, id });
    });
  },
};

interface Joined {
  readonly place: PartitionPlace;
  readonly registration: RegistrationView;
  readonly id: BrokerId;
}

function checkJoined(invariant: Invariant, scene: Scene, { place, registration, id }: Joined): void {
  const { name } = place;
  const leader = replicaOn(scene, registration.leader, name);
  const joined = replicaOn(scene, id, name);
  if (leader?.role !== 'leader' || joined?.role !== 'follower') return;
  const { leaderEpoch } = registration;
  if (leader.leaderEpoch !== leaderEpoch || joined.leaderEpoch !== leaderEpoch) return;
  const began = leader.epochs.at(-1)?.startOffset ?? 0;
  if (joined.logEnd >= began) return;
  scene.report(invariant, {
    subject: `${name} on ${id}`,
    sentence: `Broker ${id} joins those in sync of ${name} with a log up to ${joined.logEnd}, where epoch ${leaderEpoch} began at ${began}.`,
    partition: name,
    offsets: [joined.logEnd, began],
    epochs: [leaderEpoch],
    brokers: [id],
  });
}

const replicaOn = ({ view }: Scene, id: BrokerId, name: string): ReplicaView | undefined =>
  view.brokers.find((broker) => broker.id === id)?.replicas.find((replica) => replica.name === name);
