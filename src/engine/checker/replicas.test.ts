import { describe, expect, test } from 'vitest';
import { broken as brokenAfter, cut, failOver, type Step } from '../testing/synthetic-run.ts';
import { SyntheticReplica, type SyntheticView } from '../testing/synthetic-view.ts';
import { PERIOD } from './invariant.ts';

const broken = (happens: (view: SyntheticView, step: Step) => void): number[] => brokenAfter(happens, 2);

describe('a planted bug is found:', () => {
  test('7, two brokers lead in one epoch', () => {
    expect(broken((view) => void (view.replica(3).role = 'leader'))).toEqual([7]);
  });

  test('8, an older epoch follows a newer one', () => {
    const found = broken((view, step) => {
      failOver(view);
      view.append(view.rows(20, 30, { at: 20, epoch: 6 }), [2]);
      step();
      view.append(view.rows(30, 40, { at: 30, epoch: 5 }), [2]);
    });
    expect(found).toEqual([8]);
  });

  test('8, the epoch cache does not know an epoch', () => {
    const found = broken((view) => {
      for (const id of [1, 2, 3]) view.replica(id).leaderEpoch = 6;
      view.append(view.rows(20, 30, { at: 20, epoch: 6 }), [1]);
      view.replica(1).epochs = [{ epoch: 5, startOffset: 0 }];
    });
    expect(found).toEqual([8]);
  });

  test('10, one in sync lacks what is committed', () => {
    const lags = (isr: readonly number[]) => (view: SyntheticView, step: () => void) => {
      view.registration = { ...view.registration, isr };
      view.append(view.rows(20, 30, { at: 20 }), [1, 2]);
      view.producer.played = 30;
      view.expose(30, [1, 2]);
      for (let i = 0; i <= PERIOD; i++) step();
      const batch = view.replica(1).records.last;
      if (batch !== undefined) view.append(batch, [3]);
      view.registration = { ...view.registration, isr: [1, 2, 3] };
    };
    expect(broken(lags([1, 2, 3]))).toEqual([10]);
    expect(broken(lags([1, 2]))).toEqual([]);
  });

  test('13 and 17, a follower holds something else below the high watermark', () => {
    const found = broken((view, step) => {
      view.append(view.rows(20, 30, { at: 20 }), [1, 2]);
      view.append(view.rows(30, 40, { at: 20 }), [3]);
      step();
      view.producer.played = 40;
      view.expose(30);
    });
    expect(found).toEqual([13, 17]);
  });

  test('14, the high watermark is beyond the end', () => {
    expect(broken((view) => view.expose(25, [3]))).toEqual([14]);
  });

  test('14, the new leader lacks what is committed', () => {
    const found = broken((view, step) => {
      view.broker(2).replicas = [];
      step();
      const replica = new SyntheticReplica();
      replica.records.batches = view.replica(1).records.batches.slice(0, 1);
      replica.highWatermark = 10;
      view.broker(2).incarnation = 2;
      view.broker(2).replicas = [replica];
      failOver(view);
    });
    expect(found).toContain(14);
  });

  test('16, a replica in sync cuts what is committed', () => {
    const found = broken((view, step) => {
      cut(view, 3);
      step();
      const whole = view.replica(1).records.last;
      if (whole !== undefined) view.append(whole, [3]);
      view.expose(20);
    });
    expect(found).toEqual([16]);
  });

  test('17, one offset is given to two records', () => {
    const found = broken((view) => {
      view.answer(20, 30, 10);
      view.producer.played = 30;
    });
    expect(found).toContain(17);
  });

  test('17, an acknowledged offset is committed with another record', () => {
    const found = broken((view, step) => {
      view.producer.acks = 1;
      view.answer(20, 21, 20);
      step();
      failOver(view);
      view.append(view.rows(21, 22, { at: 20, epoch: 6 }));
      view.producer.played = 22;
      view.expose(21);
    });
    expect(found).toEqual([17, 21]);
  });

  test('20, acks=all is answered before the high watermark is there', () => {
    const found = broken((view, step) => {
      view.append(view.rows(20, 30, { at: 20 }));
      view.answer(20, 30, 20);
      step();
      view.expose(30);
    });
    expect(found).toEqual([20]);
  });

  test('20, the high watermark moves with too few in sync', () => {
    const found = broken((view, step) => {
      view.append(view.rows(20, 30, { at: 20 }));
      view.producer.played = 30;
      view.replica(1).isr = [1];
      step();
      view.expose(30);
    });
    expect(found).toEqual([20]);
  });
});
