import { describe, expect, test } from 'vitest';
import { LATEST, newClientState, sorted, type ClientState } from './client-state.ts';
import { assignTasks } from './high-availability-assignor.ts';
import recorded from './recorded-assignments.json' with { type: 'json' };

const lagsOf = (lags: Readonly<Record<string, number | undefined>>): Map<string, number> =>
  new Map(Object.entries(lags).map(([task, lag]) => [task, lag ?? 0]));

const outcome = (clients: readonly ClientState[]) =>
  clients.map(({ active, standby }) => ({ active: sorted(active), standby: sorted(standby) }));

test.each(recorded.cases.map((given, i) => [i, given] as const))(
  'shares out as the real assignor did (%i)',
  (_, { clients, stateful, stateless, settings, probe, expect: expected }) => {
    const states = clients.map(({ id, capacity, lags }) => newClientState(id, capacity, lagsOf(lags)));
    const again = assignTasks(states, { stateful, stateless }, settings);
    expect({ again, tasks: outcome(states) }).toEqual({ again: probe, tasks: expected });
  },
);

describe('a client that comes late', () => {
  const settings = { standbys: 0, acceptableLag: 10_000, warmups: 2 };
  const tasks = { stateful: ['0_0', '0_1'], stateless: [] };
  const running = new Map([
    ['0_0', LATEST],
    ['0_1', LATEST],
  ]);
  const late = (lag: number): ClientState =>
    newClientState(
      'b',
      1,
      new Map([
        ['0_0', lag],
        ['0_1', lag],
      ]),
    );

  test('gets its part at once if there is little to read', () => {
    const clients = [newClientState('a', 1, running), late(10_000)];
    expect(assignTasks(clients, tasks, settings)).toBe(false);
    expect(outcome(clients).map(({ active }) => active)).toEqual([['0_0'], ['0_1']]);
  });

  test('warms its part up first if there is much, and is asked again', () => {
    const clients = [newClientState('a', 1, running), late(10_001)];
    expect(assignTasks(clients, tasks, settings)).toBe(true);
    expect(outcome(clients)).toEqual([
      { active: ['0_0', '0_1'], standby: [] },
      { active: [], standby: ['0_1'] },
    ]);
  });
});
