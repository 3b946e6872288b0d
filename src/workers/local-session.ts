import { createSimulation } from '../engine/cluster/simulation.ts';
import { SimulationHost } from './simulation-host.ts';
import type { SessionUpdate, SimulationSession } from './session.ts';

/** A run in this very thread, with the worker's own host: for tests of what uses a session. It never gets lost. */
export function openLocalSession(): SimulationSession {
  const listeners = new Set<(update: SessionUpdate) => void>();
  const host = new SimulationHost({
    nowMs: () => performance.now(),
    later: (task, delayMs) => setTimeout(task, delayMs),
    create: ({ scenario, tapes }) => createSimulation(scenario, tapes),
    loadRest: () => Promise.resolve(true),
    deliver: (update) => {
      for (const listener of listeners) listener(update);
      return Promise.resolve();
    },
  });
  return {
    load: (request) => host.load(request),
    play: () => host.play(),
    pause: () => host.pause(),
    setSpeed: (speed) => host.setSpeed(speed),
    step: (events) => host.step(events),
    stepNotable: (direction) => host.stepNotable(direction),
    seek: (time) => host.seek(time),
    act: (act) => host.act(act),
    replaceCommands: (commands) => host.replaceCommands(commands),
    watch: (watches) => host.watch(watches),
    stateHash: () => Promise.resolve(host.stateHash()),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTrouble: () => () => undefined,
    close: () => void host.pause(),
  };
}
