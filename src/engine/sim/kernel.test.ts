import { describe, expect, test } from 'vitest';
import { millis } from '../base/time.ts';
import { below, pick, prngStream } from '../base/prng.ts';
import { appendEntry, flushFile, openFile } from './disk.ts';
import { Kernel } from './kernel.ts';
import { DATA_CENTRE } from './network.ts';
import type { Program } from './node-context.ts';

interface Memory {
  connection: number;
  /** What this node learnt, in order. */
  seen: string[];
  sent: number;
}

interface Greeting {
  readonly text: string;
}

/** Calls its peer every 10 ms with a number; the peer notes what comes and writes it to disk. */
const chatter: Program<{ readonly peer?: string }, Memory> = {
  kind: 'chatter',
  start(context, config) {
    const memory: Memory = { connection: 0, seen: [], sent: 0 };
    if (config.peer !== undefined) {
      memory.connection = context.connect(config.peer);
      context.setTimer('call', millis(10));
    }
    return memory;
  },
  onMessage(memory, context, _connection, message) {
    const { text } = message as Greeting;
    memory.seen.push(text);
    appendEntry(openFile(context.disk, 'notes'), text, context.now());
    if (text === 'flush') flushFile(openFile(context.disk, 'notes'));
  },
  onTimer(memory, context) {
    memory.sent += 1;
    context.trace({ type: 'called' });
    const extra = below(context.prng('size'), 5_000);
    context.send(memory.connection, { text: String(memory.sent) }, 100 + extra);
    context.setTimer('call', millis(10));
  },
  onDisconnect(memory) {
    memory.seen.push('disconnected');
  },
  onSignal(memory, context, signal) {
    memory.seen.push(signal.type);
    if (signal.type === 'terminate') context.exit();
  },
};

function pair(seed = 1): Kernel {
  const kernel = new Kernel([chatter], { seed, epochMs: 1_000_000, profile: DATA_CENTRE });
  kernel.addNode('listener', 'chatter', {}, 0);
  kernel.addNode('caller', 'chatter', { peer: 'listener' }, 0);
  return kernel;
}

function runTo(kernel: Kernel, ms: number): void {
  while ((kernel.nextAt() ?? Infinity) <= millis(ms)) kernel.step();
}

const memoryOf = (kernel: Kernel, node: string): Memory => kernel.slot(node).memory as Memory;
const heard = (kernel: Kernel): readonly string[] => memoryOf(kernel, 'listener').seen;
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe('kernel', () => {
  test('messages of a connection arrive in order although large ones take longer', () => {
    const kernel = pair();
    runTo(kernel, 1_005);
    expect(heard(kernel)).toEqual(numbers(1, 100));
  });

  test('a crash loses memory, keeps the disk, and tells the peer', () => {
    const kernel = pair();
    runTo(kernel, 105);
    kernel.stop('listener', { powerLoss: false });
    runTo(kernel, 150);
    expect(memoryOf(kernel, 'caller').seen).toEqual(['disconnected']);
    kernel.start('listener');
    expect(heard(kernel)).toEqual([]);
    expect([...openFile(kernel.slot('listener').disk, 'notes').entries]).toEqual(numbers(1, 10));
  });

  test('a power loss keeps only what was flushed, and tells nobody', () => {
    const kernel = pair();
    runTo(kernel, 55);
    flushFile(openFile(kernel.slot('listener').disk, 'notes'));
    runTo(kernel, 105);
    kernel.stop('listener', { powerLoss: true });
    runTo(kernel, 5_000);
    expect(memoryOf(kernel, 'caller').seen).toEqual([]);
    expect([...openFile(kernel.slot('listener').disk, 'notes').entries]).toEqual(numbers(1, 5));
  });

  test('what the operating system wrote back after 30 s survives a power loss', () => {
    const kernel = pair();
    runTo(kernel, 40_005);
    kernel.stop('listener', { powerLoss: true });
    const kept = openFile(kernel.slot('listener').disk, 'notes').entries.end;
    expect(kept).toBeGreaterThan(800);
    expect(kept).toBeLessThanOrEqual(1_001);
  });

  test('a paused node gets everything on resume, in order, and its timers ring late', () => {
    const kernel = pair();
    runTo(kernel, 55);
    kernel.pause('listener');
    runTo(kernel, 105);
    expect(heard(kernel)).toEqual(numbers(1, 5));
    kernel.resume('listener');
    runTo(kernel, 106);
    expect(heard(kernel)).toEqual(numbers(1, 10));
  });

  test('a cut holds messages back until it heals; nothing is lost or reordered', () => {
    const kernel = pair();
    runTo(kernel, 55);
    kernel.setLinkCut('caller', 'listener', true);
    runTo(kernel, 505);
    expect(heard(kernel)).toEqual(numbers(1, 5));
    kernel.setLinkCut('caller', 'listener', false);
    runTo(kernel, 1_005);
    expect(heard(kernel)).toEqual(numbers(1, 100));
  });

  test('an orderly exit closes connections after what was sent', () => {
    const kernel = pair();
    runTo(kernel, 55);
    kernel.signal('listener', { type: 'terminate' });
    runTo(kernel, 60);
    expect(kernel.slot('listener').status).toBe('down');
    expect(memoryOf(kernel, 'caller').seen).toEqual(['disconnected']);
  });

  test('trace entries name their cause', () => {
    const kernel = pair();
    kernel.act('caller', { type: 'poke' }, () => kernel.signal('caller', { type: 'poked' }));
    runTo(kernel, 25);
    const [poke, first, second] = [...kernel.state.trace];
    expect(poke?.cause).toBe(0);
    expect(second?.cause).toBe(first?.id);
  });
});

/** Does something random to the pair at each of 40 moments, and returns the hash at the end of each. */
function randomActs(kernel: Kernel, seed: number, from: number, to: number): string[] {
  const hashes: string[] = [];
  for (let i = from; i < to; i++) {
    const prng = prngStream(seed, `act-${i}`);
    runTo(kernel, i * 37);
    const node = pick(prng, ['listener', 'caller']);
    const act = below(prng, 6);
    if (act === 0) kernel.stop(node, { powerLoss: false });
    if (act === 1) kernel.stop(node, { powerLoss: true });
    if (act === 2) kernel.pause(node);
    if (act === 3) kernel.setLinkCut('caller', 'listener', true);
    if (act === 4) kernel.setLinkCut('caller', 'listener', false);
    if (act === 5) kernel.setLinkDelay('caller', 'listener', below(prng, 50_000));
    kernel.resume('listener');
    kernel.start(node);
    hashes.push(kernel.stateHash());
  }
  return hashes;
}

describe('determinism', () => {
  const seeds = Array.from({ length: 50 }, (_, i) => i + 1);

  test.each(seeds)('seed %i: twice the same, and a checkpoint goes on as if nothing had been', (seed) => {
    const straight = pair(seed);
    const hashes = randomActs(straight, seed, 0, 40);
    const halted = pair(seed);
    expect(randomActs(halted, seed, 0, 20)).toEqual(hashes.slice(0, 20));
    const checkpoint = halted.checkpoint();
    expect(randomActs(halted, seed, 20, 40)).toEqual(hashes.slice(20));
    const resumed = pair(seed);
    resumed.restore(checkpoint);
    expect(resumed.stateHash()).toBe(hashes[19]);
    expect(randomActs(resumed, seed, 20, 40)).toEqual(hashes.slice(20));
  });

  test('packets are conserved: sent = delivered + dropped + under way, on every link', () => {
    for (const seed of seeds) {
      const kernel = pair(seed);
      randomActs(kernel, seed, 0, 40);
      for (const [key, link] of kernel.state.network.links) {
        const waiting = [
          ...kernel.state.queue.all(),
          ...link.held,
          ...[...kernel.state.nodes.values()].flatMap((slot) => slot.deferred),
        ].filter((event) => event.kind === 'deliver' && `${event.name}>${event.node}` === key);
        expect(link.sent).toBe(link.delivered + link.dropped + new Set(waiting).size);
      }
    }
  });
});
