import { describe, expect, test } from 'vitest';
import { below, prngStream, type PrngState } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import type { Kernel } from '../sim/kernel.ts';
import { bareRun, gentleFaults } from '../testing/bare-run.ts';
import { leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { ClusterSimulation } from './simulation.ts';

const SEEDS = 500;
/** In batches, so that the report stays short. */
const BATCH = 25;
const FIRST = 20_001;
const batches = Array.from({ length: SEEDS / BATCH }, (_, i) => FIRST + i * BATCH);

/** Simulated ms. Every 100th run is long enough for sessions to expire and members to come back. */
const lengthOf = (seed: number, prng: PrngState): number =>
  seed % 100 === 0 ? 20_000 + below(prng, 15_000) : 700 + below(prng, 1_400);

/** The run watched, in steps of any size, with frames between them, with jumps back and forth. */
function wanderingRun(seed: number, endMs: number, prng: PrngState): ClusterSimulation {
  const simulation = new ClusterSimulation(leanScenario(seed), { p1: leanTape() });
  expect(simulation.replaceCommands(gentleFaults(seed)).ok).toBe(true);
  for (let ms = 0; ms < endMs; ms += 1 + below(prng, endMs >> 2)) {
    simulation.advance({ until: millis(ms), eventsMax: Infinity });
    simulation.frame();
  }
  simulation.seek(millis(below(prng, endMs)));
  if (simulation.eventCount() > 3) simulation.seekToEvent(simulation.eventCount() - 3);
  simulation.seekToPreviousNotable();
  simulation.advance({ until: millis(below(prng, endMs)), eventsMax: 1 + below(prng, 40) });
  simulation.seek(millis(endMs));
  return simulation;
}

/** For each link: what was sent has been delivered, dropped, or is on its way. */
function lostPackets({ queue, nodes, network }: Kernel['state']): readonly string[] {
  const waiting = new Map<string, number>();
  const held = [...network.links.values()].flatMap((link) => link.held);
  const deferred = [...nodes.values()].flatMap((node) => node.deferred);
  for (const { kind, name, node } of [...queue.all(), ...deferred, ...held])
    if (kind === 'deliver') waiting.set(`${name}>${node}`, (waiting.get(`${name}>${node}`) ?? 0) + 1);
  return [...network.links]
    .filter(([key, { sent, delivered, dropped }]) => sent !== delivered + dropped + (waiting.get(key) ?? 0))
    .map(([key]) => key);
}

describe('rules of the simulator itself, on the whole cluster under random faults, 500 seeds', () => {
  test.each(batches)(
    'seeds from %i: watched or not, in steps, frames and jumps it is the same run; packets are conserved',
    (first) => {
      for (let seed = first; seed < first + BATCH; seed++) {
        const prng = prngStream(seed, 'wander');
        const endMs = lengthOf(seed, prng);
        const bare = bareRun({ seed, endMs });
        const wandering = wanderingRun(seed, endMs, prng);
        expect({ seed, hash: wandering.stateHash() }).toEqual({ seed, hash: bare.stateHash() });
        expect({ seed, lost: lostPackets(bare.state) }).toEqual({ seed, lost: [] });
      }
    },
  );
});
