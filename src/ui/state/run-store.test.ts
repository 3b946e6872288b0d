import { beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../../engine/api/command.ts';
import type { Entity, Frame, Sample } from '../../engine/api/frame.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { SessionStatus } from '../../workers/session.ts';
import { EMPTY_HISTORY, firstDifference, LIMITS, record } from './history.ts';
import { createRunStore, expectNewSession, receiveUpdate, type RunStore } from './run-store.ts';

const link = (id: string, held = 0): Entity => ({
  kind: 'link',
  id,
  a: 'b1',
  b: 'b2',
  cut: true,
  extraMicros: 0,
  held,
});
const frame = (over: Partial<Frame> = {}): Frame => ({
  generation: 1,
  at: 0,
  eventCount: 0,
  changed: [],
  removed: [],
  packets: [],
  events: [],
  eventsDropped: 0,
  samples: [],
  details: [],
  ...over,
});
const status = (over: Partial<SessionStatus> = {}): SessionStatus => ({
  playing: false,
  speed: 1,
  furthest: 0,
  commands: [],
  behind: false,
  bug: null,
  ...over,
});
const elected = (id: number): TraceEvent => ({
  id,
  at: id * 1_000,
  node: 'controller',
  cause: 0,
  data: { type: 'broker-fenced', broker: 1, reason: 'asked' },
});
const crash = (id: number, at: number): Command => ({ id, at, act: { type: 'crash', node: 'b1' } });

describe('a run', () => {
  let store: RunStore;
  beforeEach(() => {
    store = createRunStore();
    receiveUpdate(store, { frame: frame({ changed: [link('x'), link('y')] }), status: status() });
  });

  test('keeps what a frame does not name, and the very objects', () => {
    const before = store.getState().model.entities.get('x');
    receiveUpdate(store, { frame: frame({ changed: [link('y', 3)] }), status: status() });
    expect(store.getState().model.entities.get('x')).toBe(before);
    expect(store.getState().model.entities.get('y')).toMatchObject({ held: 3 });
  });

  test('does not replace the entities when none changed', () => {
    const before = store.getState().model.entities;
    receiveUpdate(store, { frame: frame({ at: 9 }), status: status() });
    expect(store.getState().model.entities).toBe(before);
    expect(store.getState().model.at).toBe(9);
  });

  test('forgets what is gone, and everything when a new generation begins', () => {
    receiveUpdate(store, { frame: frame({ removed: ['x'] }), status: status() });
    expect([...store.getState().model.entities.keys()]).toEqual(['y']);
    receiveUpdate(store, { frame: frame({ generation: 2, changed: [link('z')] }), status: status() });
    expect([...store.getState().model.entities.keys()]).toEqual(['z']);
  });

  test('drops a late frame of an older generation, unless the worker began anew', () => {
    receiveUpdate(store, { frame: frame({ generation: 4, at: 50 }), status: status() });
    receiveUpdate(store, { frame: frame({ generation: 3, at: 99 }), status: status() });
    expect(store.getState().model.at).toBe(50);
    expectNewSession(store);
    receiveUpdate(store, { frame: frame({ generation: 0, at: 10 }), status: status() });
    expect(store.getState().model.at).toBe(10);
  });

  test('keeps the same status object while it says the same', () => {
    const commands = [crash(1, 500)];
    receiveUpdate(store, { frame: frame(), status: status({ commands }) });
    const before = store.getState().status;
    receiveUpdate(store, { frame: frame(), status: status({ commands: structuredClone(commands) }) });
    expect(store.getState().status).toBe(before);
    receiveUpdate(store, { frame: frame(), status: status({ commands, furthest: 7 }) });
    expect(store.getState().status.commands).toBe(before.commands);
  });

  test('forgets what happened after the first command that differs', () => {
    const events = [elected(1), elected(2), elected(3)];
    receiveUpdate(store, { frame: frame({ events }), status: status() });
    receiveUpdate(store, {
      frame: frame({ generation: 2 }),
      status: status({ commands: [crash(1, 2_000)] }),
    });
    expect(store.getState().history.notable.map((event) => event.id)).toEqual([1]);
  });
});

describe('a history', () => {
  test('adds what it is told again only once, in order', () => {
    const once = record(EMPTY_HISTORY, frame({ events: [elected(1), elected(2)] }));
    const again = record(once, frame({ events: [elected(2), elected(3)] }));
    expect(again.notable.map((event) => event.id)).toEqual([1, 2, 3]);
  });

  test('is bounded', () => {
    const samples = Array.from({ length: LIMITS.samples + 10 }, (_, at): Sample => ({ at }) as Sample);
    const kept = record(EMPTY_HISTORY, frame({ samples })).samples;
    expect(kept).toHaveLength(LIMITS.samples);
    expect(kept[0]?.at).toBe(10);
  });

  test('keeps what happens by the dozen apart, so that it pushes out nothing rare', () => {
    const closed = (id: number): TraceEvent => ({
      ...elected(id),
      data: { type: 'window-closed', task: '1_0', start: 0, end: 10, keys: 1 },
    });
    const many = Array.from({ length: LIMITS.rhythm + 10 }, (_, i) => closed(i + 2));
    const kept = record(EMPTY_HISTORY, frame({ events: [elected(1), ...many] }));
    expect(kept.notable.map((event) => event.id)).toEqual([1]);
    expect([kept.rhythm.length, kept.rhythm[0]?.id]).toEqual([LIMITS.rhythm, 12]);
    const boot = { ...closed(1), at: -5 };
    expect(record(EMPTY_HISTORY, frame({ events: [boot] })).rhythm).toEqual([]);
  });
});

test('commands differ from the earliest moment on that one of them has and the other has not', () => {
  expect(firstDifference([crash(1, 5)], [crash(1, 5)])).toBeNull();
  expect(firstDifference([crash(1, 5)], [crash(1, 5), crash(2, 9)])).toBe(9);
  expect(firstDifference([crash(1, 5)], [crash(1, 3)])).toBe(3);
  expect(firstDifference([crash(1, 5)], [{ ...crash(1, 5), disabled: true }])).toBe(5);
});
