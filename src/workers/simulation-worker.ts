import * as Comlink from 'comlink';
import { createSimulation } from '../engine/cluster/simulation.ts';
import { loadParts } from './load-parts.ts';
import { SimulationHost } from './simulation-host.ts';
import type { SessionUpdate } from './session.ts';

type Listener = (update: SessionUpdate) => Promise<void>;

let listener: Listener | undefined;

const channel = new MessageChannel();
const soon: (() => void)[] = [];
channel.port1.onmessage = () => soon.shift()?.();

const host = new SimulationHost({
  nowMs: () => performance.now(),
  later: (task, delayMs) => {
    if (delayMs > 0) {
      setTimeout(task, delayMs);
      return;
    }
    // A message, not setTimeout(0): nested timeouts are clamped to 4 ms.
    soon.push(task);
    channel.port2.postMessage(0);
  },
  create: async ({ scenario, tapes }) => {
    const loaded = await loadParts(scenario);
    return loaded.ok ? createSimulation(scenario, tapes) : loaded;
  },
  deliver: async (update) => {
    await listener?.(update);
  },
});

/** What the page calls over Comlink. Coarse on purpose: each call is one message. */
const api = {
  listen(callback: Listener): void {
    listener = callback;
  },
  ping: (): true => true,
  load: host.load.bind(host),
  play: host.play.bind(host),
  pause: host.pause.bind(host),
  setSpeed: host.setSpeed.bind(host),
  step: host.step.bind(host),
  stepNotable: host.stepNotable.bind(host),
  seek: host.seek.bind(host),
  act: host.act.bind(host),
  replaceCommands: host.replaceCommands.bind(host),
  watch: host.watch.bind(host),
  stateHash: host.stateHash.bind(host),
};

export type WorkerApi = typeof api;

Comlink.expose(api);
