import { expect, test } from 'vitest';
import type { ApplicationView } from '../api/views/application.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { hasOutcast, noteEnd, type Outcasts } from './outcasts.ts';

const NODE = 'counter-1';
const application = { id: 'counter', instances: [NODE], exactlyOnce: false } as unknown as ApplicationView;
const view = { applications: [application] } as unknown as ClusterView;

const JOINS: TraceEventData = { type: 'partitions-assigned', group: 'counter', partitions: [] };
const CRASHES: TraceEventData = { type: 'command', act: { type: 'crash', node: NODE } };
const PUT_OUT: TraceEventData = {
  type: 'member-removed',
  group: 'counter',
  member: `${NODE}-main-1`,
  reason: 'session expired',
};

function after(...told: readonly TraceEventData[]): Outcasts {
  const outcasts: Outcasts = { joined: new Set(), dead: new Map(), of: new Set() };
  for (const data of told)
    if (data.type === 'partitions-assigned') outcasts.joined.add(NODE);
    else noteEnd(outcasts, view, { id: 1, at: 1, node: NODE, cause: 0, data });
  return outcasts;
}

test.each<[string, readonly TraceEventData[], boolean]>([
  ['nobody who was put out', [JOINS], false],
  ['one that was put out while it lives', [JOINS, PUT_OUT], true],
  ['one that had died before', [JOINS, CRASHES, PUT_OUT], false],
  [
    'one that had died once, and was put out in its next life',
    [JOINS, CRASHES, JOINS, PUT_OUT, PUT_OUT],
    true,
  ],
  ['one that died before it had joined', [CRASHES, JOINS, PUT_OUT], true],
])('an application has an outcast with %s', (_, told, expected) => {
  expect(hasOutcast(after(...told), application)).toBe(expected);
});

test('exactly-once fences an outcast', () => {
  expect(hasOutcast(after(JOINS, PUT_OUT), { ...application, exactlyOnce: true })).toBe(false);
});
