import { endOf, type Invariant, type Scene } from '../invariant.ts';

/** When nothing fails any more, every broker that runs is unfenced, and its replicas have everything and count as in sync. */
export const BROKERS_CONVERGE: Invariant = {
  id: 52,
  name: 'BrokersConverge',
  source: 'KIP-631; EventuallyAcknowledgedValueFullyReplicated',
  atQuiescence(scene) {
    const running = new Set(scene.view.brokers.filter(({ status }) => status === 'up').map(({ id }) => id));
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

function checkReplicas(
  invariant: Invariant,
  { view, ghost, report }: Scene,
  running: ReadonlySet<number>,
): void {
  view.visitPartitions(({ name }, { isr, replicas }) => {
    const end = ghost.partitions.get(name)?.committedEnd ?? 0;
    for (const id of replicas) {
      if (!running.has(id)) continue;
      const last = view.brokers.find((broker) => broker.id === id)?.stored(name)?.last;
      const problem = !isr.includes(id)
        ? 'does not count as in sync'
        : last !== undefined && endOf(last) < end
          ? `has records up to ${endOf(last)}, where ${end} were committed`
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
