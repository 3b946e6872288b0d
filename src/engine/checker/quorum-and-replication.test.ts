import { describe, expect, test } from 'vitest';
import type { BatchView, RetentionView } from '../api/views/log.ts';
import {
  broken,
  commit,
  KEY,
  Coordinator,
  inTransaction,
  marker,
  end,
  batchAt,
  metadata,
  commitMetadata,
  poll,
  setStable,
  type Step,
} from '../testing/synthetic-run.ts';
import { syntheticBatch, SyntheticView } from '../testing/synthetic-view.ts';
import { Checker } from './checker.ts';
import { PERIOD } from './invariant.ts';

function tellCleaned(view: SyntheticView, upTo: number, beganMs: number): void {
  view.tell('b2', { type: 'log-cleaned', partition: 't-0', upTo, beganMs, bytesBefore: 2, bytesAfter: 1 });
}

test('a system that keeps every rule breaks none', () => {
  const found = broken((view, step) => {
    commitMetadata(view, step, metadata(0));
    for (const controller of view.controllers)
      Object.assign(controller, { epoch: 4, storedEpoch: 4, leaderId: 2, storedVote: 2, role: 'follower' });
    view.controller(2).role = 'leader';
    step();
    commitMetadata(view, step, metadata(1, 'next', 4));
    const coordinator = end(view, step, 'ABORT');
    coordinator.store('Ongoing', 1);
    commit(view, step, view.rows(10, 20, inTransaction(21, { producerEpoch: 1 })), 21);
  });
  expect(found).toEqual([]);
});

describe('rules that are asked from the first act on see what was broken before:', () => {
  const before = (happens: (view: SyntheticView) => void): number[] => {
    const view = new SyntheticView();
    view.isElaborate = false;
    const checker = new Checker(view);
    const steps = (): void => {
      for (let i = 0; i <= PERIOD; i++) checker.afterEvent();
    };
    view.append(view.rows(0, 10, { at: 0 }));
    view.expose(10);
    view.answer(0, 10, 0);
    happens(view);
    steps();
    expect(checker.violations).toEqual([]);
    view.tell('b1', { type: 'command', act: { type: 'crash', node: 'b1' } });
    steps();
    const found = new Set(checker.violations.map(({ invariant }) => invariant));
    return [...found].sort((a, b) => a - b);
  };
  const read = (view: SyntheticView, batch: BatchView): void => poll(view, () => undefined, batch);

  test.each<[rules: number[], what: string, happens: (view: SyntheticView) => void]>([
    [[], 'nothing', () => undefined],
    [
      [1, 4],
      'a leader without votes, and another committed metadata',
      (view) => {
        for (const { id, records } of view.controllers)
          records.batches.push(metadata(0, id === 3 ? 'other' : 'topic'));
        for (const controller of view.controllers) controller.highWatermark = controller.logEnd;
        Object.assign(view.controller(2), { role: 'leader', leaderId: 2 });
      },
    ],
    [
      [6],
      'one that is fenced counts as in sync',
      (view) => void (view.registrations[2] = { id: 3, epoch: 3, fenced: true }),
    ],
    [[9], 'the leader does not wait for one in sync', (view) => void (view.replica(1).maximalIsr = [1, 2])],
    [
      [31],
      'a replica that does not change any more counts too little as stable',
      (view) => setStable(view, 4),
    ],
    [[18], 'other records than were committed are read', (view) => read(view, view.rows(10, 20, { at: 0 }))],
  ])('%j, %s', (rules, _, happens) => {
    expect(before(happens)).toEqual(rules);
  });
});

describe('the metadata quorum:', () => {
  test('1, two lead in one epoch', () => {
    const found = broken((view) => void Object.assign(view.controller(3), { role: 'leader', leaderId: 3 }));
    expect(found).toEqual([1]);
  });

  test('1, a leader without the votes of a majority', () => {
    const found = broken((view) => {
      Object.assign(view.controller(1), {
        role: 'follower',
        leaderId: -1,
        epoch: 4,
        storedEpoch: 4,
        storedVote: -1,
      });
      Object.assign(view.controller(2), {
        role: 'leader',
        leaderId: 2,
        epoch: 4,
        storedEpoch: 4,
        storedVote: 2,
      });
    });
    expect(found).toEqual([1]);
  });

  test('2, an epoch falls, or is not written down', () => {
    expect(broken((view) => void (view.controller(2).storedEpoch = 2))).toEqual([2]);
    expect(broken((view) => void (view.controller(2).epoch = 4))).toEqual([2]);
  });

  test('3, a leader counts as committed what it alone has', () => {
    const found = broken((view) => {
      view.controller(1).records.batches.push(metadata(0));
      view.controller(1).highWatermark = 1;
    });
    expect(found).toEqual([3]);
  });

  test('4, two controllers have committed different metadata', () => {
    const found = broken((view, step) => {
      commitMetadata(view, step, metadata(0));
      view.controller(3).records.batches = [metadata(0, 'other')];
      view.controller(3).incarnation = 2;
    });
    expect(found).toEqual([4]);
  });

  test('4, a broker has applied what nobody committed', () => {
    const found = broken((view, step) => {
      commitMetadata(view, step, metadata(0));
      for (const { id } of view.brokers) view.broker(id).metadataOffset = id === 2 ? 1 : 0;
    });
    expect(found).toEqual([4]);
  });

  test('5, a new leader lacks what was committed', () => {
    const found = broken((view, step) => {
      commitMetadata(view, step, metadata(0));
      for (const controller of view.controllers)
        Object.assign(controller, { epoch: 4, storedEpoch: 4, leaderId: 2, storedVote: 2, role: 'follower' });
      Object.assign(view.controller(2), { role: 'leader', incarnation: 2, highWatermark: 0 });
      view.controller(2).records.batches = [];
    });
    expect(found).toEqual([5]);
  });

  test('6, epochs of brokers fall or are given twice, or a fenced broker is in sync', () => {
    const registered =
      (epoch: number, fenced = false) =>
      (view: SyntheticView, step: Step) => {
        view.registrations[1] = { id: 2, epoch: 7, fenced: false };
        view.metadataOffset = 1;
        step();
        view.registrations[1] = { id: 2, epoch, fenced };
        view.metadataOffset = 2;
        step();
        view.registrations[1] = { id: 2, epoch, fenced: false };
      };
    expect(broken(registered(8))).toEqual([]);
    expect(broken(registered(6))).toEqual([6]);
    expect(broken(registered(3))).toEqual([6]);
    expect(broken(registered(8, true))).toEqual([6]);
  });
});

describe('replication:', () => {
  test('9, the leader does not wait for one in sync', () => {
    const found = broken((view, step) => {
      view.replica(1).maximalIsr = [1, 2];
      view.metadataOffset = 1;
      step();
      view.replica(1).maximalIsr = [1, 2, 3];
    });
    expect(found).toEqual([9]);
  });

  test('11, a new leader has something else than was committed above its high watermark', () => {
    const found = broken((view, step) => {
      view.append(view.rows(10, 20, { at: 10 }), [1, 3]);
      view.append(view.rows(20, 30, { at: 10 }), [2]);
      view.producer.played = 30;
      view.expose(20, [1, 3]);
      step();
      for (const id of [1, 2, 3]) view.replica(id).leaderEpoch = 6;
      view.replica(1).role = 'follower';
      view.replica(2).role = 'leader';
      view.replica(2).epochs.push({ epoch: 6, startOffset: 20 });
    });
    expect(found).toContain(11);
  });

  test('12, no broker has what was committed', () => {
    const found = broken((view, step) => {
      for (const id of [1, 2, 3]) {
        view.replica(id).records.batches = [];
        view.replica(id).highWatermark = 0;
      }
      step();
    });
    expect(found).toContain(12);
  });

  test('15, one joins those in sync before it has the leader’s epoch', () => {
    const found = broken((view, step) => {
      view.append(view.rows(10, 20, { at: 10 }), [1, 2]);
      view.producer.played = 20;
      view.registration = { ...view.registration, isr: [1, 2] };
      view.metadataOffset = 1;
      step();
      for (const id of [1, 2, 3]) view.replica(id).leaderEpoch = 6;
      view.replica(1).epochs.push({ epoch: 6, startOffset: 20 });
      view.registration = { ...view.registration, leaderEpoch: 6, isr: [1, 2, 3] };
      view.metadataOffset = 2;
      step();
      view.replica(3).records.batches.push(batchAt(view, 10));
    });
    expect(found).toEqual([15]);
  });

  test('49, a log is shorter after a crash, or lacks what was flushed', () => {
    const back =
      (ends: number, flushedEnd: number, poweredOff: boolean) => (view: SyntheticView, step: Step) => {
        const broker = view.broker(3);
        const [replica] = broker.replicas;
        if (replica === undefined || broker.stored('t-0') === undefined) return;
        replica.records.flushedEnd = flushedEnd;
        view.append(view.rows(10, 20, { at: 10 }));
        view.producer.played = 20;
        step();
        view.expose(20);
        step();
        Object.assign(broker, { status: 'down', poweredOff, replicas: [] });
        step();
        const whole = [...replica.records.batches];
        replica.records.batches = whole.filter((batch) => batch.baseOffset < ends);
        Object.assign(broker, { status: 'up', incarnation: 2, replicas: [] });
        step();
        replica.records.batches = whole;
        broker.replicas = [replica];
      };
    expect(broken(back(20, 0, false))).toEqual([]);
    expect(broken(back(10, 0, false))).toEqual([49]);
    expect(broken(back(10, 10, true))).toEqual([]);
    expect(broken(back(10, 20, true))).toEqual([49]);
  });

  test('50, the cleaner takes the newest record of a key, or a marker too early', () => {
    type Left = (batch: BatchView) => BatchView | undefined;
    const cleaned =
      (left: Left, isSuperseded = false) =>
      (view: SyntheticView, step: Step) => {
        const batches = [
          syntheticBatch(['{"row":10,"path":"/0"}'], inTransaction(10, { keys: KEY })),
          marker(11, 'COMMIT', 1),
        ];
        view.producer.played = 11;
        const coordinator = new Coordinator(view, step);
        coordinator.store('Empty', 0, []);
        coordinator.store('Ongoing', 0);
        coordinator.store('PrepareCommit', 1);
        for (const batch of batches) commit(view, step, batch, batch.baseOffset === 10 ? 10 : 12);
        coordinator.store('CompleteCommit', 1, []);
        view.producer.played = 13;
        if (isSuperseded)
          commit(view, step, syntheticBatch(['{"row":12,"path":"/0"}'], { at: 12, keys: KEY }));
        const { records } = view.replica(2);
        const whole = [...records.batches];
        records.batches = whole.flatMap((batch) => left(batch) ?? []);
        records.cleanedTo = 12;
        tellCleaned(view, 12, 0);
        for (let i = 0; i <= PERIOD; i++) step();
        records.batches = whole;
      };
    const without = (offset: number) => (batch: BatchView) =>
      batch.baseOffset === offset ? undefined : batch;
    const emptied = { count: 0, keys: [], values: [], timestampDeltas: [] };
    const empty = (batch: BatchView): BatchView =>
      batch.baseOffset === 10 ? { ...batch, records: emptied } : batch;
    const both = (batch: BatchView) => (batch.baseOffset === 11 ? undefined : empty(batch));
    expect(broken(cleaned((batch) => batch))).toEqual([]);
    expect(broken(cleaned(without(10)))).toContain(50);
    expect(broken(cleaned(without(11)))).toContain(50);
    expect(broken(cleaned(empty, true))).not.toContain(50);
    expect(broken(cleaned(both, true))).toContain(50);
  });

  test('50, the cleaner takes a tombstone before its time', () => {
    const taken =
      (...passesMs: readonly number[]) =>
      (view: SyntheticView, step: Step) => {
        view.producer.played = 11;
        commit(view, step, syntheticBatch(['{}'], { at: 10, keys: KEY }));
        const gone = syntheticBatch(['{}'], { at: 11, keys: KEY });
        commit(view, step, { ...gone, records: { ...gone.records, values: [null] } });
        const { records } = view.replica(2);
        for (const beganMs of passesMs) {
          records.cleanedTo = 12;
          tellCleaned(view, 12, beganMs);
          for (let i = 0; i <= PERIOD; i++) step();
          records.batches = records.batches.filter(({ baseOffset }) => baseOffset < 10);
        }
        for (let i = 0; i <= PERIOD; i++) step();
      };
    const both = (first: number, second: number) => broken(taken(first, second, second)).includes(50);
    expect(both(1_000, 1_100)).toBe(false);
    expect(both(1_000, 1_099)).toBe(true);
  });

  test('51, a broker deletes what is neither old nor too much', () => {
    const begins = (retention: RetentionView, sizeInBytes: number) => (view: SyntheticView) => {
      Object.assign(view.replica(1), { logStart: 10, retention, sizeInBytes });
    };
    expect(broken(begins({ ms: 999, bytes: -1 }, 0))).toEqual([]);
    expect(broken(begins({ ms: 1_000, bytes: -1 }, 0))).toEqual([51]);
    expect(broken(begins({ ms: 1_000, bytes: 5 }, 5))).toEqual([]);
    expect(broken(begins({ ms: -1, bytes: 5 }, 4))).toEqual([51]);
    const asked = (offset: number) => (view: SyntheticView, step: Step) => {
      view.tell('b1', { type: 'command', act: { type: 'delete-records', topic: 't', partition: 0, offset } });
      step();
      begins({ ms: -1, bytes: -1 }, 0)(view);
    };
    expect(broken(asked(10))).toEqual([]);
    expect(broken(asked(9))).toEqual([51]);
  });

  test('52, a broker that runs is fenced, or a replica stays behind', () => {
    const fenced = broken((view) => void (view.registrations[2] = { id: 3, epoch: 3, fenced: true }));
    expect(fenced).toEqual([52]);
    const out = broken((view) => void (view.registration = { ...view.registration, isr: [1, 2] }));
    expect(out).toEqual([52]);
  });
});
