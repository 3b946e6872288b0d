import { describe, expect, test } from 'vitest';
import { millis } from '../base/time.ts';
import { SyntheticView } from '../testing/synthetic-view.ts';
import { Checker } from './checker.ts';

/** Twenty rows are committed and acknowledged. */
function begin(): { readonly view: SyntheticView; readonly checker: Checker } {
  const view = new SyntheticView();
  const checker = new Checker(view);
  view.append(view.rows(0, 20, { at: 0 }));
  view.expose(20);
  view.answer(0, 20, 0);
  checker.afterEvent();
  return { view, checker };
}

function restartProducer(view: SyntheticView): void {
  const { producer } = view;
  producer.incarnation += 1;
  producer.told = [];
}

describe('the ledger', () => {
  test('counts a row once, however often it was sent, and what stands twice', () => {
    const { view, checker } = begin();
    restartProducer(view);
    checker.afterEvent();
    view.append(view.rows(10, 25, { at: 20, producerId: 8, sequence: 0 }));
    view.expose(35);
    view.answer(10, 25, 20);
    checker.afterEvent();
    expect(checker.ledger()).toMatchObject({ asked: 25, acknowledged: 25, lost: 0, duplicated: 10 });
    expect(checker.violations).toEqual([]);
  });

  test('a row that failed and was sent again is not failed any more', () => {
    const { view, checker } = begin();
    view.answer(20, 30, -1, 'unknown');
    checker.afterEvent();
    expect(checker.ledger()).toMatchObject({ asked: 30, acknowledged: 20, failed: 10 });
    restartProducer(view);
    checker.afterEvent();
    view.append(view.rows(20, 26, { at: 20, producerId: 8, sequence: 0 }));
    view.expose(26);
    view.answer(20, 26, 20);
    checker.afterEvent();
    expect(checker.ledger()).toMatchObject({ asked: 30, acknowledged: 26, failed: 4 });
  });

  test('what the leader lacks is lost; what retention deleted, or a stopped leader has on its disk, is not', () => {
    const { view, checker } = begin();
    view.producer.acks = 1;
    view.append(view.rows(20, 30, { at: 20 }), [1]);
    view.answer(20, 30, 20);
    checker.afterEvent();
    for (const id of [1, 2, 3]) view.replica(id).logStart = 5;
    expect(checker.ledger().lost).toBe(0);
    view.broker(1).stored('t-0');
    view.broker(1).replicas = [];
    checker.afterEvent();
    expect(checker.ledger().lost).toBe(0);
    view.registration = { ...view.registration, leader: -1, isr: [], elr: [1, 2] };
    expect(checker.ledger().lost).toBe(0);
    view.registration = { ...view.registration, leader: 2, isr: [2], elr: [] };
    expect(checker.ledger().lost).toBe(10);
    view.registration = { ...view.registration, leader: 1, isr: [1] };
    expect(checker.ledger().lost).toBe(0);
  });

  test('notices that the log of the same leader was cut', () => {
    const { view, checker } = begin();
    expect(checker.ledger().lost).toBe(0);
    view.replica(1).records.batches = [view.rows(0, 12, { at: 0 })];
    expect(checker.ledger().lost).toBe(8);
  });

  test('with acks=0 a row is lost when it is in no log and no longer on its way', () => {
    const { view, checker } = begin();
    view.producer.acks = 0;
    view.now = millis(100);
    view.answer(20, 30, -1);
    checker.afterEvent();
    view.producer.underWay = millis(99);
    expect(checker.ledger()).toMatchObject({ acknowledged: 30, lost: 0 });
    view.append(view.rows(20, 24, { at: 20 }), [1]);
    view.producer.underWay = Infinity;
    expect(checker.ledger().lost).toBe(6);
    view.expose(24, [1]);
    checker.afterEvent();
    expect(checker.ledger().lost).toBe(6);
  });

  test('goes back and forth in time with the run', () => {
    const { view, checker } = begin();
    checker.ledger();
    const checkpoint = checker.checkpoint();
    const before = view.replica(1).records.batches;
    const again = (): unknown => {
      restartProducer(view);
      view.append(view.rows(10, 20, { at: 20, producerId: 8, sequence: 0 }), [1]);
      view.expose(30, [1]);
      view.answer(10, 20, 20);
      checker.afterEvent();
      return checker.ledger();
    };
    const first = again();
    expect(first).toMatchObject({ acknowledged: 20, duplicated: 10 });
    checker.restore(checkpoint);
    view.replica(1).records.batches = before;
    view.expose(20, [1]);
    view.producer.incarnation = 1;
    expect(checker.ledger()).toMatchObject({ acknowledged: 20, duplicated: 0 });
    expect(again()).toEqual(first);
  });
});
