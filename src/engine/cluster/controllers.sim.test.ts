import { describe, expect, test } from 'vitest';
import type { Command, CommandAct } from '../api/command.ts';
import { controllerNodes } from '../api/ids.ts';
import type { NodeEntity } from '../api/entities/node.ts';
import type { Scenario } from '../api/scenario.ts';
import { below, pick, prngStream } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { REST_MS } from '../testing/lean-runs.ts';
import { LEAN_ROWS, leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { ClusterSimulation } from './simulation.ts';

const scenarioOf = (seed: number): Scenario => ({ ...leanScenario(seed), controllers: 3 });

/** The active controller crashes; then all crash, lose power, stop and hang, one at a time. Each comes back. */
function controllerFaults(seed: number, first: string): Command[] {
  const prng = prngStream(seed, 'controller-faults');
  const commands: Command[] = [];
  const add = (ms: number, act: CommandAct) =>
    commands.push({ id: commands.length + 1, at: millis(ms) + 1, act });
  add(1_000, { type: 'crash', node: first });
  add(8_000, { type: 'start', node: first });
  for (let ms = 10_000; ms < 30_000; ms += 2_000 + below(prng, 3_000)) {
    const node = pick(prng, controllerNodes(3));
    const type = pick(prng, ['crash', 'power-off', 'shut-down', 'pause'] as const);
    add(ms, { type, node });
    ms += 500 + below(prng, 5_000);
    add(ms, { type: type === 'pause' ? 'resume' : 'start', node });
  }
  return commands;
}

/** The controllers that believe to be the active one, as frames tell it. */
class Picture {
  private readonly nodes = new Map<string, NodeEntity>();

  active(simulation: ClusterSimulation): NodeEntity[] {
    for (const entity of simulation.frame().changed)
      if (entity.kind === 'node') this.nodes.set(entity.id, entity);
    return [...this.nodes.values()].filter(({ controller }) => controller?.active === true);
  }
}

describe('a scenario with three controllers', () => {
  test.each([1, 2, 3, 4])(
    'seed %i: keeps every promise while controllers come and go',
    (seed) => {
      const simulation = new ClusterSimulation(scenarioOf(seed), { p1: leanTape() });
      const picture = new Picture();
      const [before] = picture.active(simulation);
      const faults = controllerFaults(seed, before?.id ?? '');
      expect(simulation.replaceCommands(faults).ok).toBe(true);
      simulation.advance({ until: millis(REST_MS), eventsMax: Infinity });
      const ledger = simulation.atQuiescence();
      expect(ledger).toMatchObject({
        asked: LEAN_ROWS,
        acknowledged: LEAN_ROWS,
        lost: 0,
        counted: LEAN_ROWS,
      });
      const [after, ...others] = picture.active(simulation);
      expect(others).toEqual([]);
      expect(after?.controller?.epoch).toBeGreaterThan(before?.controller?.epoch ?? Infinity);
    },
    30_000,
  );
});
