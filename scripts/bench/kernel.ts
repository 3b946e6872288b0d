import { millis } from '../../src/engine/base/time.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { DATA_CENTRE } from '../../src/engine/sim/network.ts';
import type { Program } from '../../src/engine/sim/node-context.ts';
import { seconds, type BenchRow } from './bench-row.ts';

interface Memory {
  connection: number;
  received: number;
}

/** Answers every message, and begins again every millisecond. */
const echo: Program<{ readonly peer: string }, Memory> = {
  kind: 'echo',
  start(context, config) {
    context.setTimer('tick', millis(1));
    return { connection: context.connect(config.peer), received: 0 };
  },
  onMessage(memory, context, connection, message) {
    memory.received += 1;
    const { hops } = message as { readonly hops: number };
    if (hops > 0) context.send(connection, { hops: hops - 1 }, 100);
  },
  onTimer(memory, context) {
    context.send(memory.connection, { hops: 8 }, 100);
    context.setTimer('tick', millis(1));
  },
  onDisconnect: () => undefined,
  onSignal: () => undefined,
};

const EVENTS = 1_000_000;

/** The bare kernel: queue, network and timers, with programs that do next to nothing. */
export function kernelBench(): readonly BenchRow[] {
  const kernel = new Kernel([echo], { seed: 1, epochMs: 0, profile: DATA_CENTRE });
  for (let i = 0; i < 8; i++) kernel.addNode(`n${i}`, 'echo', { peer: `n${(i + 1) % 8}` }, 0);
  const run = (events: number) => {
    for (let i = 0; i < events; i++) kernel.step();
  };
  run(EVENTS / 10);
  const elapsed = seconds(() => run(EVENTS));
  return [{ bench: 'kernel', what: 'events of the bare kernel', value: EVENTS / elapsed, unit: 'events/s' }];
}
