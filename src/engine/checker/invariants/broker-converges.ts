import type { BrokerId } from '../../api/ids.ts';
import type { ClusterView } from '../../api/cluster-view.ts';
import type { ReplicaView } from '../../api/views/log.ts';
import type { Invariant, Scene } from '../invariant.ts';

/** When nothing fails any more, every broker that runs, with all its disks, is unfenced, and its replicas have everything and count as in sync. */
export const BROKERS_CONVERGE: Invariant = {
  id: 52,
  name: 'BrokersConverge',
  source: 'KIP-631; EventuallyAcknowledgedValueFullyReplicated',
  atQuiescence(scene) {
    const running = new Set(
      scene.view.brokers
        .filter(({ status, lacksDirectory }) => status === 'up' && !lacksDirectory)
        .map(({ id }) => id),
    );
    scene.view.visitRegistrations(({ id, fenced }) => {
      if (fenced && running.has(id))
        scene.report(this, {
          subject: `broker ${id}`,
          sentence: `Broker ${id} runs, and is still fenced.`,
          brokers: [id],
        });
    });
    checkReplicas(this, scene, running);
  },
};

function checkReplicas(invariant: Invariant, { view, report }: Scene, running: ReadonlySet<number>): void {
  view.visitPartitions(({ name }, { isr, replicas, leader }) => {
    const { highWatermark: committed = 0, logEnd = Infinity } = replicaOn(view, leader, name) ?? {};
    for (const id of replicas) {
      if (!running.has(id)) continue;
      const end = replicaOn(view, id, name)?.logEnd;
      const problem = !isr.includes(id)
        ? 'does not count as in sync'
        : end !== undefined && (end < committed || end > logEnd)
          ? `has records up to ${end}, where the leader has them up to ${logEnd} and ${committed} are committed`
          : undefined;
      if (problem === undefined) continue;
      report(invariant, {
        subject: `${name} on ${id}`,
        sentence: `The replica of ${name} on broker ${id} ${problem}.`,
        partition: name,
        brokers: [id],
      });
    }
  });
}

const replicaOn = ({ brokers }: ClusterView, id: BrokerId, name: string): ReplicaView | undefined =>
  brokers.find((broker) => broker.id === id)?.replicas.find((replica) => replica.name === name);
