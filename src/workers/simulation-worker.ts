import * as Comlink from 'comlink';
import { createSimulation } from '../engine/cluster/simulation.ts';
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
  create: ({ scenario, tapes }) => createSimulation(scenario, tapes),
  loadRest: () => (rest ??= loadRest()),
  deliver: async (update) => {
    await listener?.(update);
  },
});

/** Null: not asked for yet, or in vain. */
let rest: Promise<boolean> | null = null;

async function loadRest(): Promise<boolean> {
  try {
    await import('virtual:rest-of-engine');
    return true;
  } catch {
    rest = null;
    return false;
  }
}

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
