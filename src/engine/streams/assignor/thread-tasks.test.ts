import { expect, test } from 'vitest';
import { LATEST, newClientState, sorted } from './client-state.ts';
import recorded from './recorded-thread-tasks.json' with { type: 'json' };
import { shareAmongThreads, type ThreadShare } from './thread-tasks.ts';

type Sums = Readonly<Record<string, number | undefined>>;

test.each(recorded.cases.map((given, i) => [i, given] as const))(
  'shares the tasks of a process out among its threads as the real assignor did (%i)',
  (_, { threads: told, ends, active, standby, expect: expected }) => {
    const sums = Object.assign({}, ...told.map((thread) => thread.sums)) as Sums;
    const lags = new Map(
      Object.entries(ends as Sums).map(([task, end = 0]) => {
        const sum = sums[task] ?? 0;
        return [task, sum === LATEST ? LATEST : end - sum];
      }),
    );
    const client = newClientState('p', told.length, lags);
    for (const task of active) client.active.add(task);
    for (const task of standby) client.standby.add(task);
    const threads = told.map((thread): ThreadShare => ({
      memberId: thread.id,
      owned: Object.keys(thread.sums),
      active: [],
      standby: [],
    }));
    shareAmongThreads(client, threads, (task) => task in ends);
    const got = threads.map((thread) => ({
      active: sorted(thread.active),
      standby: sorted(thread.standby),
    }));
    expect(got).toEqual(expected);
  },
);
