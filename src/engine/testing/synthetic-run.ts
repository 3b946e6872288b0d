import type { BatchView } from '../api/views/log.ts';
import type { TransactionView } from '../api/views/group.ts';
import { assert, ensure } from '../base/assert.ts';
import { Checker } from '../checker/checker.ts';
import { PERIOD } from '../checker/invariant.ts';
import { syntheticBatch, SyntheticReplica, SyntheticView, type BatchSpec } from './synthetic-view.ts';

export type Step = () => void;

/** Ten rows in each batch are committed; then something happens. Says which invariants are broken in the end. */
export function broken(happens: (view: SyntheticView, step: Step) => void, batches = 1): number[] {
  const view = new SyntheticView();
  const checker = new Checker(view);
  const step = (): void => checker.afterEvent();
  for (let from = 0; from < batches * 10; from += 10) {
    view.append(view.rows(from, from + 10, { at: from }));
    step();
    view.expose(from + 10);
    view.answer(from, from + 10, from);
    step();
  }
  assert(checker.violations.length === 0, 'nothing is broken at first');
  happens(view, step);
  for (let i = 0; i <= PERIOD; i++) step();
  checker.atQuiescence();
  return [...new Set(checker.violations.map(({ invariant }) => invariant))];
}

/** Appends a batch to every replica and has it committed. */
export function commit(view: SyntheticView, step: Step, batch: BatchView, stable?: number): void {
  view.append(batch);
  step();
  if (stable !== undefined) setStable(view, stable);
  view.expose(batch.baseOffset + batch.lastOffsetDelta + 1);
  step();
}

/** Another partition, on all brokers. */
export function addPartition(view: SyntheticView, topic: string): SyntheticReplica[] {
  return view.brokers.map((broker) => {
    const replica = new SyntheticReplica(topic, 0);
    replica.role = broker.id === 1 ? 'leader' : 'follower';
    broker.replicas = [...broker.replicas, replica];
    return replica;
  });
}

export function write(replicas: readonly SyntheticReplica[], step: Step, batch: BatchView): void {
  for (const replica of replicas) replica.records.batches.push(batch);
  step();
  for (const replica of replicas) replica.highWatermark = replica.logEnd;
  step();
}

export const KEY = ['key'];

/** What the coordinator of a transactional id stores, one after the other. */
export class Coordinator {
  private readonly view: SyntheticView;
  private readonly step: Step;
  private readonly replicas: SyntheticReplica[];
  private at = 0;

  constructor(view: SyntheticView, step: Step) {
    this.view = view;
    this.step = step;
    this.replicas = addPartition(view, '__transaction_state');
    step();
  }

  store(state: string, producerEpoch: number, partitions: readonly string[] = ['t-0']): void {
    const stored: TransactionView = {
      transactionalId: 'tx',
      state,
      producerId: 9,
      producerEpoch,
      timeoutMs: 1_000,
      partitions,
      version: 2,
    };
    const batch = syntheticBatch([state], { at: this.at, producerId: -1, keys: KEY });
    this.at += 1;
    this.view.stored.set(batch, [stored]);
    write(this.replicas, this.step, batch);
  }
}

export const inTransaction = (at: number, more: Partial<BatchSpec> = {}): BatchSpec => ({
  at,
  producerId: 9,
  sequence: 0,
  transactional: true,
  ...more,
});

export const marker = (at: number, type: 'COMMIT' | 'ABORT', producerEpoch: number): BatchView =>
  syntheticBatch([''], { at, producerId: 9, producerEpoch, sequence: -1, marker: type });

/** A transaction writes rows 10 to 20 of the tape, and stays open. */
export function begin(view: SyntheticView, step: Step): Coordinator {
  const coordinator = new Coordinator(view, step);
  coordinator.store('Empty', 0, []);
  coordinator.store('Ongoing', 0);
  view.producer.played = 20;
  view.append(view.rows(10, 20, inTransaction(10)));
  step();
  setStable(view, 10);
  view.expose(20);
  step();
  return coordinator;
}

export function setStable(view: SyntheticView, offset: number): void {
  for (const id of [1, 2, 3]) view.replica(id).stable = offset;
}

/** The same, and it is ended. */
export function end(view: SyntheticView, step: Step, type: 'COMMIT' | 'ABORT'): Coordinator {
  const coordinator = begin(view, step);
  coordinator.store(type === 'COMMIT' ? 'PrepareCommit' : 'PrepareAbort', 1);
  view.append(marker(20, type, 1));
  step();
  setStable(view, 21);
  if (type === 'ABORT')
    for (const id of [1, 2, 3])
      view.replica(id).aborted = [{ producerId: 9, firstOffset: 10, lastOffset: 20 }];
  view.expose(21);
  step();
  coordinator.store(type === 'COMMIT' ? 'CompleteCommit' : 'CompleteAbort', 1, []);
  return coordinator;
}

export function poll(
  view: SyntheticView,
  step: Step,
  batch: BatchView,
  more: { from?: number; to?: number } = {},
): void {
  const { reader } = view;
  reader.given += 10;
  reader.working = [{ name: 't-0', batch, from: more.from ?? 0, to: more.to ?? batch.records.count }];
  step();
}

export const batchAt = (view: SyntheticView, offset: number): BatchView =>
  ensure(view.replica(1).records.at(offset), 'batch');

export const metadata = (at: number, value = 'topic', epoch = 3): BatchView =>
  syntheticBatch([value], { at, epoch, producerId: -1 });

/** Every controller writes, and knows it to be committed. */
export function commitMetadata(view: SyntheticView, step: Step, batch: BatchView): void {
  for (const controller of view.controllers) controller.records.batches.push(batch);
  step();
  for (const controller of view.controllers) controller.highWatermark = controller.logEnd;
  step();
}

/** Broker 2 begins to lead in epoch 6. */
export function failOver(view: SyntheticView): void {
  view.replica(1).role = 'follower';
  view.replica(2).role = 'leader';
  for (const id of [1, 2, 3]) view.replica(id).leaderEpoch = 6;
  view.registration = { ...view.registration, leader: 2, leaderEpoch: 6 };
  view.replica(2).epochs.push({ epoch: 6, startOffset: view.replica(2).logEnd });
}

/** Cuts the last batch off. */
export function cut(view: SyntheticView, id: number): void {
  const replica = view.replica(id);
  replica.records.batches = replica.records.batches.slice(0, -1);
  replica.highWatermark = Math.min(replica.highWatermark, replica.logEnd);
}
