import { describe, expect, test } from 'vitest';
import { below, prngStream } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { groupMembers } from '../testing/random-faults.ts';
import { leanRun, type LeanRun } from '../testing/lean-runs.ts';
import { leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { applyAct } from './commands.ts';
import { buildCluster } from './cluster-builder.ts';
import { internal } from './prelude.ts';

const END_MS = 20_000;
const victims = [...groupMembers(leanScenario(0)), 'counter-1', 'p1'];
const seeds = Array.from({ length: 12 }, (_, i) => 20_001 + i);

function straight(seed: number, ms: number): LeanRun {
  const run = leanRun(seed, victims);
  run.simulation.advance({ until: millis(ms), eventsMax: Infinity });
  return run;
}

describe('rules of the simulator itself, on the whole cluster under random faults', () => {
  test.each(seeds)(
    'seed %i: the same run twice; small steps, frames and jumps change nothing',
    { timeout: 300_000 },
    (seed) => {
      const hash = straight(seed, END_MS).simulation.stateHash();
      const { simulation } = leanRun(seed, victims);
      const prng = prngStream(seed, 'wander');
      for (let ms = 0; ms < END_MS; ms += 1 + below(prng, 900)) {
        simulation.advance({ until: millis(ms), eventsMax: Infinity });
        simulation.frame();
      }
      simulation.seek(millis(below(prng, END_MS)));
      simulation.seekToEvent(simulation.eventCount() - 3);
      simulation.seekToPreviousNotable();
      simulation.seek(millis(END_MS));
      expect(simulation.stateHash()).toBe(hash);
    },
  );

  test.each(seeds)('seed %i: a run that nobody watches is the same run', { timeout: 300_000 }, (seed) => {
    const watched = straight(seed, END_MS);
    const kernel = buildCluster(leanScenario(seed), { p1: leanTape() });
    for (const { at, act } of watched.faults) {
      if (at > millis(END_MS)) break;
      while ((kernel.nextAt() ?? Infinity) < internal(at)) kernel.step();
      kernel.jumpTo(internal(at));
      applyAct(kernel, act);
    }
    while ((kernel.nextAt() ?? Infinity) <= internal(millis(END_MS))) kernel.step();
    kernel.jumpTo(internal(millis(END_MS)));
    expect(kernel.stateHash()).toBe(watched.simulation.stateHash());
  });

  test.each(seeds)('seed %i: packets are conserved on every link', { timeout: 300_000 }, (seed) => {
    const { queue, nodes, network } = straight(seed, END_MS).simulation.kernelState();
    const waiting = [
      ...queue.all(),
      ...[...nodes.values()].flatMap(({ deferred }) => deferred),
      ...[...network.links.values()].flatMap(({ held }) => held),
    ].filter(({ kind }) => kind === 'deliver');
    for (const [key, link] of network.links) {
      const underWay = waiting.filter(({ name, node }) => `${name}>${node}` === key).length;
      expect({ key, sent: link.sent }).toEqual({ key, sent: link.delivered + link.dropped + underWay });
    }
  });
});
