import { millis, toMillis } from '../../base/time.ts';
import type { Invariant, Scene } from '../invariant.ts';

/** The sender looks for what has expired when it runs, which it does a moment later. */
const LENIENCE = millis(1_000);

/** Every send gets its outcome within delivery.timeout.ms, if its process ran all the time. */
export const ACK_OR_REJECT: Invariant = {
  id: 26,
  name: 'AckOrReject',
  source: 'KIP-91',
  periodically: checkProducers,
  atQuiescence: checkProducers,
};

function checkProducers(this: Invariant, scene: Scene): void {
  const { now, producers } = scene.view;
  for (const { node, status, since, oldestOpenAt, deliveryTimeout } of producers) {
    if (status !== 'up' || oldestOpenAt === undefined || since > oldestOpenAt) continue;
    const waited = now - oldestOpenAt;
    if (waited <= deliveryTimeout + LENIENCE) continue;
    scene.report(this, {
      subject: node,
      sentence: `${node} holds a batch that has waited ${toMillis(waited)} ms for its outcome, where ${toMillis(deliveryTimeout)} ms are allowed.`,
    });
  }
}
