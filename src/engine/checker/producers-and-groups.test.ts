import { describe, expect, test } from 'vitest';
import type { GroupView, MemberView } from '../api/views/group.ts';
import { millis } from '../base/time.ts';
import { broken as brokenAfter, cut, failOver, type Step } from '../testing/synthetic-run.ts';
import { syntheticBatch, type SyntheticView } from '../testing/synthetic-view.ts';
import { PERIOD } from './invariant.ts';

const broken = (happens: (view: SyntheticView, step: Step) => void): number[] => brokenAfter(happens, 2);

const member = (node: string, generation: number, owned: readonly string[], position = 30): MemberView => ({
  node,
  groupId: 'g',
  memberId: `${node}-id`,
  generation,
  stable: true,
  readCommitted: false,
  owned: owned.map((name) => ({ name, position })),
});

const group = (offset: number, assigned: Readonly<Record<string, readonly string[]>> = {}): GroupView => ({
  groupId: 'g',
  coordinator: 1,
  type: 'classic',
  state: 'Stable',
  generation: 1,
  members: Object.keys(assigned).map((node) => ({
    memberId: `${node}-id`,
    clientId: node,
    assigned: assigned[node] ?? [],
  })),
  committed: [{ topic: 't', partition: 0, name: 't-0', offset }],
});

test('a system that keeps every rule breaks none', () => {
  const found = broken((view, step) => {
    view.setGroups(group(20, { m1: ['t-0'] }));
    view.memberList = [member('m1', 1, ['t-0'])];
    failOver(view);
    step();
    view.append(view.rows(20, 30, { at: 20, epoch: 6 }), [2]);
    step();
    view.append(view.rows(20, 30, { at: 20, epoch: 6 }), []);
    const batch = view.replica(2).records.last;
    if (batch !== undefined) view.append(batch, [1, 3]);
    view.expose(30);
    view.answer(20, 30, 20);
    step();
    view.answer(30, 40, -1, 'failed');
    for (const id of [1, 2, 3]) view.replica(id).logStart = 5;
  });
  expect(found).toEqual([]);
});

describe('a planted bug is found:', () => {
  test('21, an acknowledged record is gone after a failover', () => {
    const found = broken((view, step) => {
      view.producer.acks = 1;
      view.append(view.rows(20, 30, { at: 20 }), [1]);
      view.answer(20, 30, 20);
      step();
      failOver(view);
      cut(view, 1);
    });
    expect(found).toEqual([21]);
  });

  test('21, a record sent with acks=0 never came to a log', () => {
    const found = broken((view) => {
      view.producer.acks = 0;
      view.answer(20, 30, -1);
    });
    expect(found).toEqual([21]);
  });

  test('22, what failed for certain is in the log', () => {
    const found = broken((view, step) => {
      view.append(view.rows(20, 30, { at: 20 }));
      view.answer(20, 30, -1, 'failed');
      step();
      view.expose(30);
    });
    expect(found).toEqual([22]);
  });

  test('22, what nobody sent is in the log', () => {
    const found = broken((view) => {
      view.append(syntheticBatch(['{"row":3,"path":"forged"}'], { at: 20 }));
      view.expose(21);
    });
    expect(found).toEqual([22]);
  });

  test('but not when the outcome is unknown', () => {
    const found = broken((view, step) => {
      view.append(view.rows(20, 30, { at: 20 }));
      view.answer(20, 30, -1, 'unknown');
      step();
      view.expose(30);
    });
    expect(found).toEqual([]);
  });

  test('23, a sequence stands twice', () => {
    const found = broken((view) => {
      view.append(view.rows(10, 20, { at: 20, sequence: 10 }));
      view.expose(30);
    });
    expect(found).toEqual([23]);
  });

  test('but not when the producer has another id', () => {
    const found = broken((view) => {
      view.append(view.rows(10, 20, { at: 20, sequence: 0, producerId: 8 }));
      view.expose(30);
    });
    expect(found).toEqual([]);
  });

  test('24, a later send stands before an earlier one', () => {
    const found = broken((view, step) => {
      view.append(view.rows(30, 40, { at: 20, producerId: -1 }));
      view.append(view.rows(20, 30, { at: 30, producerId: -1 }));
      step();
      view.expose(40);
      view.answer(20, 30, 30);
      view.answer(30, 40, 20);
    });
    expect(found).toEqual([24]);
  });

  test('25, a sequence is left out', () => {
    const found = broken((view) => {
      view.append(view.rows(20, 30, { at: 20, sequence: 25 }));
      view.producer.played = 30;
      view.expose(30);
    });
    expect(found).toEqual([25]);
  });

  test('25, a follower knows another sequence of a producer', () => {
    const state = { producerId: 7, producerEpoch: 0, lastSequence: 19, lastOffset: 19 };
    const found = broken((view) => {
      for (const id of [1, 2, 3]) view.replica(id).states = [state];
      view.replica(3).states = [{ ...state, lastSequence: 9, lastOffset: 9 }];
    });
    expect(found).toEqual([25]);
  });

  test('25, a broker has what a producer wrote and does not know it, unless that is old enough to be forgotten', () => {
    const forget =
      (timestamp: number, isRight: boolean) =>
      (view: SyntheticView, step: () => void): void => {
        view.append(view.rows(20, 30, { at: 20, timestamp }));
        view.producer.played = 50;
        step();
        view.expose(30);
        step();
        for (const broker of view.brokers) broker.forgetsBefore = 1_000;
        view.replica(2).forgets = true;
        failOver(view);
        step();
        view.replica(2).forgets = false;
        const sequence = isRight ? 30 : 40;
        view.append(view.rows(30, 40, { at: 30, epoch: 6, sequence, timestamp }));
        step();
        view.expose(40);
      };
    expect(broken(forget(2_000, true))).toEqual([25]);
    expect(broken(forget(500, true))).toEqual([]);
    expect(broken(forget(500, false))).toEqual([]);
  });

  test('26, a send never gets its outcome', () => {
    const waits = (view: SyntheticView): void => {
      view.producer.oldestOpenAt = millis(10);
      view.now = millis(5_000);
    };
    expect(broken(waits)).toEqual([26]);
    expect(
      broken((view) => {
        waits(view);
        view.producer.since = millis(4_000); // It was paused.
      }),
    ).toEqual([]);
  });

  test('36, two members of a generation own a partition', () => {
    const shared = (generation: number) => (view: SyntheticView, step: () => void) => {
      view.memberList = [member('m1', 1, ['t-0']), member('m2', generation, ['t-0'])];
      for (let i = 0; i <= PERIOD; i++) step();
      view.memberList = [];
    };
    expect(broken(shared(1))).toEqual([36]);
    expect(broken(shared(2))).toEqual([]);
  });

  test('36, two members that a group of the consumer protocol counts own a partition, whatever their epochs', () => {
    const shared = (counted: Readonly<Record<string, readonly string[]>>) => {
      return (view: SyntheticView, step: () => void): void => {
        view.memberList = [member('m1', 1, ['t-0']), member('m2', 2, ['t-0'])];
        view.setGroups({ ...group(0, counted), type: 'consumer', state: 'Reconciling', generation: 2 });
        for (let i = 0; i <= PERIOD; i++) step();
        view.memberList = [];
        view.setGroups(group(0));
      };
    };
    expect(broken(shared({ m1: [], m2: ['t-0'] }))).toEqual([36]);
    expect(broken(shared({ m2: ['t-0'] }))).toEqual([]);
    expect(broken(shared({ m1: ['t-0'], m2: ['t-0'] }))).toEqual([36]);
  });

  test('36, the coordinator gives a partition twice', () => {
    expect(broken((view) => view.setGroups(group(0, { m1: ['t-0'], m2: ['t-0'] })))).toEqual([36]);
  });

  test('38, a committed offset is beyond the end, or goes back', () => {
    expect(broken((view) => view.setGroups(group(21)))).toEqual([38]);
    const goesBack = (view: SyntheticView, step: () => void): void => {
      view.setGroups(group(15));
      for (let i = 0; i <= PERIOD; i++) step();
      view.setGroups(group(10));
    };
    expect(broken(goesBack)).toEqual([38]);
  });

  test('42, a member does not know what it was given', () => {
    const found = broken((view) => {
      view.setGroups(group(0, { m1: ['t-0'] }));
      view.memberList = [member('m1', 1, [])];
    });
    expect(found).toEqual([42]);
  });

  test('51, a log begins earlier than before', () => {
    const found = broken((view, step) => {
      for (const id of [1, 2, 3]) view.replica(id).logStart = 10;
      step();
      view.replica(2).logStart = 0;
    });
    expect(found).toEqual([51]);
  });
});
