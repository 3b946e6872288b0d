import type { Invariant } from '../invariant.ts';

/** A voter's epoch never falls, and what it knows of it is what it has written down. */
export const MONOTONIC_EPOCH: Invariant = {
  id: 2,
  name: 'MonotonicEpoch',
  source: 'Kafka, RaftEventSimulationTest.MonotonicEpoch',
  onController(scene, { controller, before }) {
    const { node, role, epoch, storedEpoch } = controller;
    const highest = Math.max(before?.storedEpoch ?? 0, before?.epoch ?? 0);
    const report = (sentence: string): void =>
      scene.report(this, { subject: node, sentence, epochs: [epoch, storedEpoch] });
    if (storedEpoch < highest)
      report(`${node} has quorum epoch ${storedEpoch} on its disk after ${highest}.`);
    if (role === 'down') return;
    if (epoch !== storedEpoch)
      report(`${node} is in quorum epoch ${epoch}, and has ${storedEpoch} on its disk.`);
  },
};
