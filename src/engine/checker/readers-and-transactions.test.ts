import { describe, expect, test } from 'vitest';
import type { GroupView } from '../api/views/group.ts';
import { millis } from '../base/time.ts';
import {
  broken,
  commit,
  addPartition,
  write,
  KEY,
  Coordinator,
  inTransaction,
  marker,
  begin,
  setStable,
  end,
  poll,
  batchAt,
  type Step,
} from '../testing/synthetic-run.ts';
import { syntheticBatch, type SyntheticReplica, SyntheticView } from '../testing/synthetic-view.ts';
import { Checker } from './checker.ts';

describe('readers:', () => {
  test('18, other records than were committed are read', () => {
    const found = broken((view, step) => poll(view, step, view.rows(10, 20, { at: 0 })));
    expect(found).toEqual([18]);
  });

  test('19, what is not committed yet is read', () => {
    const found = broken((view, step) => {
      view.append(view.rows(10, 20, { at: 10 }));
      view.producer.played = 20;
      poll(view, step, batchAt(view, 10));
      view.expose(20);
    });
    expect(found).toEqual([19]);
  });

  test('27 and 28, records of transactions that were aborted, or are open, are read', () => {
    const aborted = broken((view, step) => {
      end(view, step, 'ABORT');
      poll(view, step, batchAt(view, 10));
    });
    expect(aborted).toEqual([27]);
    const read = (readCommitted: boolean) => (view: SyntheticView, step: Step) => {
      begin(view, step);
      view.reader.readCommitted = readCommitted;
      poll(view, step, batchAt(view, 10));
    };
    expect(broken(read(true))).toEqual([28]);
    expect(broken(read(false))).toEqual([]);
  });

  test('39, something is left out, or given again', () => {
    const given = (second: number) => (view: SyntheticView, step: Step) => {
      for (const at of [10, 20]) commit(view, step, view.rows(at, at + 10, { at }));
      view.producer.played = 30;
      poll(view, step, batchAt(view, 0));
      poll(view, step, batchAt(view, second));
    };
    expect(broken(given(10))).toEqual([]);
    expect(broken(given(20))).toEqual([39]);
    expect(broken(given(0))).toEqual([39]);
  });

  test('39, the reader goes on behind what was committed in place of what it was given', () => {
    const replaced = (next: number) => (view: SyntheticView, step: Step) => {
      view.producer.played = 30;
      commit(view, step, view.rows(10, 20, { at: 10, sequence: 10 }));
      const fetched = batchAt(view, 10);
      poll(view, step, batchAt(view, 0));
      poll(view, step, fetched);
      for (const id of [1, 2, 3]) {
        const { records } = view.replica(id);
        records.batches = records.batches.slice(0, -1);
      }
      for (const at of [10, 20]) commit(view, step, view.rows(at, at + 10, { at, epoch: 6, sequence: at }));
      poll(view, step, next < 0 ? fetched : batchAt(view, next));
    };
    expect(broken(replaced(20))).toContain(39);
    expect(broken(replaced(10))).not.toContain(39);
    expect(broken(replaced(-1))).not.toContain(39);
  });

  test('39, but not aborted records', () => {
    const found = broken((view, step) => {
      end(view, step, 'ABORT');
      poll(view, step, batchAt(view, 0));
      commit(view, step, view.rows(10, 20, { at: 21, sequence: 10 }), 31);
      poll(view, step, batchAt(view, 21));
    });
    expect(found).toEqual([]);
  });

  const group = (generation: number, member: string): GroupView => ({
    groupId: 'g',
    coordinator: 1,
    type: 'classic',
    state: 'Stable',
    generation,
    members: [{ memberId: member, clientId: member, assigned: [] }],
    committed: [],
  });

  test('37, a commit of a generation that was over when it was sent is accepted', () => {
    const committed = (sent: number, accepted: boolean) => (view: SyntheticView, step: Step) => {
      view.setGroups(group(2, 'm1'));
      view.reader.commits = [{ token: 5, generation: sent, memberId: 'm1' }];
      step();
      view.reader.commits = [];
      if (accepted) view.tell('r1', { type: 'offsets-committed', group: 'g', offsets: 1 });
      step();
      view.setGroups();
    };
    expect(broken(committed(1, true))).toEqual([37]);
    expect(broken(committed(1, false))).toEqual([]);
    expect(broken(committed(2, true))).toEqual([]);
  });

  test('41, something is never read', () => {
    const found = broken((view) => {
      const owned = [{ name: 't-0', position: 3 }];
      const who = { node: 'r1', groupId: 'g', memberId: 'm', generation: 1, stable: true };
      view.memberList = [{ ...who, readCommitted: false, owned }];
      view.setGroups({ ...group(1, 'm'), members: [{ memberId: 'm', clientId: 'm', assigned: ['t-0'] }] });
    });
    expect(found).toEqual([41]);
  });
});

describe('transactions:', () => {
  test('29, a transaction is committed here and aborted there', () => {
    const found = broken((view, step) => {
      const others = addPartition(view, 'u');
      begin(view, step);
      write(others, step, syntheticBatch(['x'], inTransaction(0)));
      end2(view, step, others);
    });
    expect(found).toContain(29);
  });

  /** The transaction in `t` is committed, that in `u` aborted. */
  function end2(view: SyntheticView, step: Step, others: readonly SyntheticReplica[]): void {
    commit(view, step, marker(20, 'COMMIT', 1));
    write(others, step, marker(1, 'ABORT', 1));
  }

  test('29, a part of a transaction is still open when it counts as complete', () => {
    const found = broken((view, step) => {
      const coordinator = begin(view, step);
      coordinator.store('PrepareCommit', 1);
      coordinator.store('CompleteCommit', 1, []);
    });
    expect(found).toEqual([29]);
  });

  test('30, a marker ends another transaction than the one that was decided on', () => {
    const ended =
      (epoch: number, state: string, partitions: readonly string[]) => (view: SyntheticView, step: Step) => {
        const coordinator = begin(view, step);
        coordinator.store(state, 1, partitions);
        setStable(view, 21);
        commit(view, step, marker(20, 'COMMIT', epoch));
      };
    const about = (happens: Parameters<typeof broken>[0]) => broken(happens).includes(30);
    expect(about(ended(1, 'PrepareCommit', ['t-0']))).toBe(false);
    expect(about(ended(1, 'PrepareCommit', ['u-0']))).toBe(true);
    expect(about(ended(1, 'PrepareAbort', ['t-0']))).toBe(true);
    expect(about(ended(0, 'PrepareCommit', ['t-0']))).toBe(true);
  });

  test('31, the last stable offset passes an open transaction', () => {
    const found = broken((view, step) => {
      begin(view, step);
      setStable(view, 20);
      view.append(view.rows(20, 30, { at: 20, sequence: 10 }));
      view.producer.played = 30;
      step();
    });
    expect(found).toEqual([31]);
  });

  test('31, a replica forgets an aborted transaction', () => {
    const found = broken((view, step) => {
      const coordinator = begin(view, step);
      coordinator.store('PrepareAbort', 1);
      view.append(marker(20, 'ABORT', 1));
      setStable(view, 21);
      step();
      view.expose(21);
    });
    expect(found).toEqual([31]);
  });

  test('32, an epoch that is over is written with', () => {
    const late = broken((view, step) => {
      end(view, step, 'COMMIT');
      commit(view, step, view.rows(10, 20, inTransaction(21, { sequence: 10 })), 21);
    });
    expect(late).toContain(32);
  });

  test('32, two processes hold the same epoch', () => {
    const view = new SyntheticView();
    for (const node of ['c1', 'c2'])
      view.transactors.push({ node, incarnation: 1, producerId: 9, producerEpoch: 0 });
    const checker = new Checker(view);
    checker.afterEvent();
    expect(checker.violations.map(({ invariant }) => invariant)).toEqual([32]);
  });

  test('33, a transaction goes a way that none goes, or its epoch falls', () => {
    const stored =
      (...steps: readonly (readonly [string, number])[]) =>
      (view: SyntheticView, step: Step) => {
        const coordinator = new Coordinator(view, step);
        for (const [state, epoch] of steps) coordinator.store(state, epoch, []);
      };
    expect(broken(stored(['Empty', 0], ['Ongoing', 0], ['PrepareCommit', 1], ['CompleteCommit', 1]))).toEqual(
      [],
    );
    expect(broken(stored(['Empty', 0], ['PrepareCommit', 1]))).toEqual([33]);
    expect(broken(stored(['Empty', 0], ['Ongoing', 0], ['PrepareCommit', 1], ['PrepareAbort', 1]))).toEqual([
      33,
    ]);
    expect(broken(stored(['Empty', 3], ['Ongoing', 2]))).toEqual([33]);
  });

  test('34, a transaction stays open for ever', () => {
    const open = (ms: number) => (view: SyntheticView, step: Step) => {
      begin(view, step);
      view.now = millis(ms);
    };
    expect(broken(open(60_000))).toEqual([34]);
    expect(broken(open(5_000))).toEqual([]);
  });

  test('35, a transaction counts as read what is not decided', () => {
    const counted = (offset: number) => (view: SyntheticView, step: Step) => {
      const offsets = addPartition(view, '__consumer_offsets');
      begin(view, step);
      const batch = syntheticBatch(['offset'], inTransaction(0, { producerId: 10, keys: KEY }));
      view.commits.set(batch, [{ groupId: 'g', name: 't-0', offset }]);
      for (const replica of offsets) replica.stable = 0;
      write(offsets, step, batch);
    };
    expect(broken(counted(10))).toEqual([]);
    expect(broken(counted(20))).toEqual([35]);
  });
});
