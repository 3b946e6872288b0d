import { bookOf, exactlyOnce } from '../application-book.ts';
import type { Invariant } from '../invariant.ts';
import { CONSUMER_OFFSETS } from '../watch-transactions.ts';

/** In a generation of its group a task's input is committed by one instance. */
export const ONE_ACTIVE_TASK_EFFECT: Invariant = {
  id: 48,
  name: 'OneActiveTaskEffect',
  source: 'KIP-447',
  onAppended(scene, { replica, batch }) {
    if (replica.topic !== CONSUMER_OFFSETS || replica.role !== 'leader') return;
    if (!batch.isTransactional || batch.control !== undefined) return;
    const { producerId } = batch;
    for (const { groupId, name } of scene.view.commitsIn(batch)) {
      const application = exactlyOnce(scene).find(({ id }) => id === groupId);
      const group = scene.view.groups().find((candidate) => candidate.groupId === groupId);
      if (application === undefined || group === undefined) continue;
      const { committers } = bookOf(scene.ghost, application);
      const before = committers.get(name);
      const { generation } = group;
      committers.set(name, Object.freeze({ generation, producerId }));
      if (before?.generation !== generation || before.producerId === producerId) continue;
      scene.report(this, {
        subject: `${groupId} ${name}`,
        sentence: `In generation ${generation} of ${groupId} producers ${before.producerId} and ${producerId} both commit what they have read of ${name}.`,
        partition: name,
        epochs: [generation],
      });
    }
  },
};
