import { describe, expect, test } from 'vitest';
import type { Command, CommandAct } from '../api/command.ts';
import { below, prngStream, type PrngState } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { newGhost } from '../checker/ghost.ts';
import { Kernel } from '../sim/kernel.ts';
import { DATA_CENTRE } from '../sim/network.ts';
import type { Program } from '../sim/node-context.ts';
import { Run } from './run.ts';

interface Memory {
  connection: number;
  sum: number;
}

/** Every 3 ms or so sends a random number to its neighbour, who adds it up and sometimes says so. */
const adder: Program<{ readonly peer: string }, Memory> = {
  kind: 'adder',
  start(context, config) {
    context.setTimer('send', millis(3));
    return { connection: context.connect(config.peer), sum: 0 };
  },
  onMessage(memory, context, _connection, message) {
    memory.sum += (message as { readonly n: number }).n;
    if (memory.sum % 16 === 0) context.trace({ type: 'sixteenth' });
    else if (memory.sum % 4 === 0) context.trace({ type: 'fourth' });
  },
  onTimer(memory, context) {
    context.send(memory.connection, { n: below(context.prng('n'), 100) }, 50);
    context.setTimer('send', 2_000 + below(context.prng('wait'), 2_000));
  },
  onDisconnect(memory, context) {
    memory.connection = context.connect(context.self === 'x' ? 'y' : 'x');
  },
  onSignal: () => undefined,
};

interface World {
  readonly run: Run;
  readonly samples: number[];
}

function world(seed: number): World {
  const kernel = new Kernel([adder], { seed, epochMs: 0, profile: DATA_CENTRE });
  kernel.addNode('x', 'adder', { peer: 'y' }, 0);
  kernel.addNode('y', 'adder', { peer: 'x' }, 0);
  const samples: number[] = [];
  const run = new Run({
    kernel,
    hooks: {
      apply: ({ act }) => apply(kernel, act),
      remark: () => null,
      isNarrated: ({ data }) => data.type === 'fourth',
      isNotable: ({ data }) => data.type === 'sixteenth',
      sample: (at) => samples.push(at),
      forgetFrom: (at) => {
        while ((samples.at(-1) ?? -1) >= at) samples.pop();
      },
    },
    watcher: {
      afterEvent: () => undefined,
      checkpoint: () => ({ ghost: newGhost(false) }),
      restore: () => undefined,
    },
    sampleEvery: millis(10),
    replicas: 0,
  });
  return { run, samples };
}

function apply(kernel: Kernel, act: CommandAct): void {
  kernel.act('x', { type: 'command' }, () => {
    if (act.type === 'crash') kernel.stop(act.node, { powerLoss: false });
    if (act.type === 'start') kernel.start(act.node);
    if (act.type === 'pause') kernel.pause(act.node);
    if (act.type === 'resume') kernel.resume(act.node);
  });
}

/** Twelve acts over half a second. */
function randomCommands(prng: PrngState): Command[] {
  const types = ['crash', 'start', 'pause', 'resume'] as const;
  return Array.from({ length: 12 }, (_, i) => ({
    id: i + 1,
    at: 1 + below(prng, 500_000),
    act: { type: types[below(prng, 4)] ?? 'start', node: below(prng, 2) === 0 ? 'x' : 'y' },
  }));
}

function fresh(seed: number, commands: readonly Command[]): World {
  const made = world(seed);
  made.run.replaceCommands(commands);
  return made;
}

const END = 600_000;
const seeds = Array.from({ length: 30 }, (_, i) => i + 1);

describe('a moment is the same whatever the way to it', () => {
  test.each(seeds)('seed %i: jumps, steps and undo end where the straight run is', (seed) => {
    const prng = prngStream(seed, 'test');
    const commands = randomCommands(prng);
    const wanderer = fresh(seed, commands);
    wanderer.run.seek(END);
    for (let i = 0; i < 8; i++) {
      const time = below(prng, END);
      wanderer.run.seek(time);
      const straight = fresh(seed, commands);
      straight.run.seek(time);
      expect(wanderer.run.kernel.stateHash()).toBe(straight.run.kernel.stateHash());
      expect(wanderer.samples.length).toBe(60 + 1);
    }
    const events = below(prng, wanderer.run.kernel.state.eventCount);
    wanderer.run.seekToEvent(events);
    const hash = wanderer.run.kernel.stateHash();
    wanderer.run.advance({ until: Infinity, eventsMax: 40 });
    wanderer.run.seekToEvent(events);
    expect(wanderer.run.kernel.stateHash()).toBe(hash);
  });

  test.each(seeds)('seed %i: an act, undone, leaves no trace', (seed) => {
    const prng = prngStream(seed, 'undo');
    const commands = randomCommands(prng);
    const one = fresh(seed, commands);
    one.run.seek(below(prng, END));
    const before = one.run.kernel.stateHash();
    const now = one.run.now;
    const act: Command = { id: 99, at: now + 1, act: { type: 'crash', node: 'x' } };
    one.run.act(act);
    expect(one.run.commands).toHaveLength(commands.length + 1);
    one.run.seek(END);
    const planned = fresh(seed, [...commands, act]);
    planned.run.seek(END);
    expect(one.run.kernel.stateHash()).toBe(planned.run.kernel.stateHash());
    one.run.seek(now);
    one.run.replaceCommands(commands);
    expect(one.run.kernel.stateHash()).toBe(before);
    one.run.seek(END);
    const straight = fresh(seed, commands);
    straight.run.seek(END);
    expect(one.run.kernel.stateHash()).toBe(straight.run.kernel.stateHash());
    expect(one.run.notableMoments).toEqual(straight.run.notableMoments);
    expect(one.run.narratedEntries).toEqual(straight.run.narratedEntries);
    expect(one.samples).toEqual(straight.samples);
  });

  test('notable moments are stopped at, forward and back', () => {
    const { run } = fresh(7, []);
    run.advance({ until: END, eventsMax: Infinity, stopAtNotable: true });
    const first = run.kernel.state.eventCount;
    run.advance({ until: END, eventsMax: Infinity, stopAtNotable: true });
    const second = run.kernel.state.eventCount;
    expect(second).toBeGreaterThan(first);
    run.seekToEvent(run.previousNotable()?.eventCount ?? 0);
    expect(run.kernel.state.eventCount).toBe(first);
    run.advance({ until: END, eventsMax: Infinity, stopAtNotable: true });
    expect(run.kernel.state.eventCount).toBe(second);
  });

  test('checkpoints stay few however long the run', () => {
    const { run } = fresh(3, []);
    run.advance({ until: Infinity, eventsMax: 1_500_000 });
    expect(run.checkpointCount).toBeLessThanOrEqual(400);
    const hash = run.kernel.stateHash();
    const { eventCount } = run.kernel.state;
    run.seekToEvent(1_034_567);
    run.seekToEvent(eventCount);
    expect(run.kernel.stateHash()).toBe(hash);
  });
});
