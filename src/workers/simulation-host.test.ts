import { expect, test } from 'vitest';
import type { Simulation } from '../engine/api/simulation.ts';
import { ok } from '../engine/base/result.ts';
import { createSimulation } from '../engine/cluster/simulation.ts';
import { leanScenario, leanTape } from '../engine/testing/lean-scenario.ts';
import { NotLoaded } from './rest.ts';
import type { LoadRequest, SessionUpdate } from './session.ts';
import { SimulationHost } from './simulation-host.ts';

const REQUEST: LoadRequest = { scenario: leanScenario(3), tapes: { p1: leanTape() }, commands: [], at: 0 };

const made = (): Simulation => {
  const simulation = createSimulation(REQUEST.scenario, REQUEST.tapes);
  if (!simulation.ok) throw new Error(simulation.error);
  return simulation.value;
};

/** A host of a run that, after it is loaded, breaks off once in the middle of what it does: a part is not loaded. */
async function hostOfIncomplete({ arrives }: { readonly arrives: boolean }) {
  const simulation = made();
  let breaks = 0;
  let loaded = false;
  let last: SessionUpdate | undefined;
  const host = new SimulationHost({
    nowMs: () => performance.now(),
    later: (task, delayMs) => setTimeout(task, delayMs),
    create: () => ok(simulation),
    loadRest: () => Promise.resolve((loaded = breaks > 0 && arrives)),
    deliver: (update) => {
      last = update;
      return Promise.resolve();
    },
  });
  await host.load(REQUEST);
  const advance = simulation.advance.bind(simulation);
  simulation.advance = (limits) => {
    if (loaded) return advance(limits);
    breaks += 1;
    advance({ ...limits, eventsMax: 7 });
    const reason: unknown = new NotLoaded('a part');
    throw reason;
  };
  return { host, breaks: () => breaks, last: () => last };
}

const undisturbed = (() => {
  const simulation = made();
  simulation.seek(REQUEST.at);
  simulation.advance({ until: Infinity, eventsMax: 500 });
  return { hash: simulation.stateHash(), eventCount: simulation.eventCount() };
})();

test('acts that a run does not take are told of when it is loaded, and are not done', async () => {
  const simulation = made();
  const host = new SimulationHost({
    nowMs: () => performance.now(),
    later: (task, delayMs) => setTimeout(task, delayMs),
    create: () => ok(simulation),
    loadRest: () => Promise.resolve(true),
    deliver: () => Promise.resolve(),
  });
  const act = { type: 'crash', node: 'b1' } as const;
  const loaded = await host.load({ ...REQUEST, commands: [{ id: 1, at: 0, act }] });
  expect(loaded).toEqual({ ok: false, error: 'An act comes after the start of the run.' });
  expect(simulation.commands()).toEqual([]);
});

test('there is no next notable moment for ever: the search ends, says so, and nothing has moved', async () => {
  const simulation = made();
  const host = new SimulationHost({
    nowMs: () => 0, // the search has all the time it wants
    later: (task, delayMs) => setTimeout(task, delayMs),
    create: () => ok(simulation),
    loadRest: () => Promise.resolve(true),
    deliver: () => Promise.resolve(),
  });
  await host.load(REQUEST);
  let found = await host.stepNotable(1);
  let last = simulation.now();
  while (found.ok) {
    last = simulation.now();
    found = await host.stepNotable(1);
  }
  expect(found).toMatchObject({
    error: expect.stringMatching(/^Nothing notable happens from here to \d+ s\.$/) as string,
  });
  expect(simulation.now()).toBe(last);
});

test('a search that takes too long stops where it is, says so, and goes on from there', async () => {
  const simulation = made();
  let now = 0;
  const host = new SimulationHost({
    nowMs: () => (now += 500), // a machine on which every look at the clock is half a second later
    later: (task, delayMs) => setTimeout(task, delayMs),
    create: () => ok(simulation),
    loadRest: () => Promise.resolve(true),
    deliver: () => Promise.resolve(),
  });
  await host.load(REQUEST);
  const before = simulation.now();
  const answers = [await host.stepNotable(1)];
  expect(simulation.now()).toBeGreaterThan(before);
  while (answers.at(-1)?.ok === false && answers.length < 500) answers.push(await host.stepNotable(1));
  expect(answers[0]).toEqual({
    ok: false,
    error: 'Nothing notable has happened up to here. Ask again to go on.',
  });
  expect(answers.at(-1)?.ok).toBe(true);
});

test('what a run needs and is not loaded is fetched, and the run is as if it had always been there', async () => {
  const { host, breaks, last } = await hostOfIncomplete({ arrives: true });
  await host.step(500);
  expect(breaks()).toBe(1);
  expect(host.stateHash()).toBe(undisturbed.hash);
  expect(last()?.frame.eventCount).toBe(undisturbed.eventCount);
  expect(last()?.status.bug).toBeNull();
});

test('playing waits for it too, and goes on', async () => {
  const { host, breaks, last } = await hostOfIncomplete({ arrives: true });
  await host.setSpeed('max');
  await host.play();
  await expect.poll(() => last()?.frame.eventCount, { timeout: 10_000 }).toBeGreaterThan(2_000);
  await host.pause();
  const simulation = made();
  simulation.seekToEvent(last()?.frame.eventCount ?? 0);
  simulation.seek(last()?.frame.at ?? 0);
  expect(host.stateHash()).toBe(simulation.stateHash());
  expect(breaks()).toBe(1);
});

test('if it cannot be fetched, the run stands still where it was and says why', async () => {
  const { host, last } = await hostOfIncomplete({ arrives: false });
  const before = host.stateHash();
  await host.step(500);
  expect(last()?.status).toMatchObject({
    playing: false,
    bug: { message: expect.stringContaining('could not be loaded') as string },
  });
  expect(host.stateHash()).toBe(before);
});

test('an act waits for all that it may bring about; without it, it is refused in a sentence', async () => {
  const { host, last } = await hostOfIncomplete({ arrives: false });
  const refused = await host.act({ type: 'crash', node: 'b2' });
  expect(refused).toMatchObject({
    ok: false,
    error: expect.stringContaining('could not be loaded') as string,
  });
  expect(last()?.status.commands).toEqual([]);
});
