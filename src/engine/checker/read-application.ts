import { int64FromBytes } from '../base/bytes.ts';
import type { ApplicationView } from '../api/views/application.ts';
import type { BatchView } from '../api/views/log.ts';
import type { TopicPartitionName } from '../api/ids.ts';
import { bookOf, isOf, type ApplicationBook } from './application-book.ts';
import type { Flow } from './application-flow.ts';
import { committedAt } from './committed-log.ts';
import { unkeyedIn, visitCounts, visitExpected } from './count-plan.ts';
import type { PartitionGhost } from './ghost.ts';
import { endOf, type Scene } from './invariant.ts';
import { endedBy } from './standing.ts';
import { CONSUMER_OFFSETS, isAborted } from './watch-transactions.ts';

/** Who is read, and where it is taken down. */
interface Reader {
  readonly scene: Scene;
  readonly application: ApplicationView;
  readonly flow: Flow;
  readonly book: ApplicationBook;
}

/** Takes down what an application has committed since the last time. */
export function readOn(scene: Scene, application: ApplicationView, flow: Flow): ApplicationBook {
  const book = bookOf(scene.ghost, application);
  const reader = { scene, application, flow, book };
  for (const partition of scene.ghost.partitions.values()) {
    const take = takerOf(reader, partition);
    if (take !== undefined) readPartition(reader, partition, take);
  }
  for (const [name, offset] of book.offsets) leaveBehind(reader, name, offset);
  return book;
}

type Take = (batch: BatchView) => void;

/** What is done with each batch of a partition that counts; undefined for partitions that are not read. */
function takerOf({ scene, application, flow, book }: Reader, partition: PartitionGhost): Take | undefined {
  const { topic, name } = partition;
  switch (topic) {
    case CONSUMER_OFFSETS:
      return (batch) => {
        for (const commit of scene.view.commitsIn(batch))
          if (commit.groupId === application.id) book.offsets.set(commit.name, commit.offset);
      };
    case flow.plan.changelog:
      return (batch) => takeCounts(book, name, batch);
    case flow.output:
      return (batch) => takeTold(book, name, batch);
    case flow.repartition:
      return ({ records }) => {
        book.repartitioned += records.count;
      };
    default:
      return undefined;
  }
}

function takeCounts(book: ApplicationBook, name: TopicPartitionName, batch: BatchView): void {
  visitCounts(batch, (window, count) => {
    book.sums.set(name, (book.sums.get(name) ?? 0) + count - (book.counts.get(window) ?? 0));
    book.counts.set(window, count);
    book.changed.add(window);
  });
}

function takeTold(book: ApplicationBook, name: TopicPartitionName, { records, baseOffset }: BatchView): void {
  const { keys, values, count, offsetDeltas } = records;
  for (let i = 0; i < count; i++) {
    const window = keys[i] ?? null;
    const value = values[i] ?? null;
    if (window === null || value === null) continue;
    const told = int64FromBytes(value);
    const before = book.told.get(window) ?? 0;
    const offset = baseOffset + (offsetDeltas?.[i] ?? i);
    if (told <= before) book.repeated ??= Object.freeze({ name, offset, count: told, before });
    book.told.set(window, told);
    book.changed.add(window);
  }
}

/** Takes what counts of the batches that were not looked at: those of a transaction when its marker comes. */
function readPartition({ scene, application, book }: Reader, partition: PartitionGhost, take: Take): void {
  const { committed, name } = partition;
  const from = book.read.get(name) ?? 0;
  if (from < committed.start || from > committed.end) book.isVoid = true;
  for (let i = Math.max(from, committed.start); i < committed.end; i++) {
    const batch = committed.at(i);
    const { control, isTransactional, producerId, producerEpoch } = batch;
    if (control === undefined) {
      if (!isTransactional) take(batch);
      continue;
    }
    if (isOf(application, scene.ghost.transactions.byProducer.get(producerId)))
      book.marked.set(producerId, Math.max(book.marked.get(producerId) ?? -1, producerEpoch));
    if (control.type === 'ABORT') continue;
    const older = (back: number) => (i - back < committed.start ? undefined : committed.at(i - back));
    for (const ended of endedBy(batch, older).reverse()) take(ended);
  }
  book.read.set(name, committed.end);
}

const NOTHING_PASSED = Object.freeze({ to: 0, windows: 0, records: 0 });

/** Adds up what the application has left behind by committing this offset of its input. */
function leaveBehind({ scene, flow, book }: Reader, name: TopicPartitionName, offset: number): void {
  const partition = scene.ghost.partitions.get(name);
  const before = book.passed.get(name) ?? NOTHING_PASSED;
  if (partition === undefined || offset === before.to) return;
  if (offset < before.to || !isRemembered(partition, before.to)) {
    book.isVoid = true;
    return;
  }
  const plan = partition.topic === flow.repartition ? flow.repartitionPlan : flow.plan;
  let { windows, records } = before;
  for (let at = before.to; at < offset;) {
    const batch = committedAt(partition, at);
    if (batch === undefined || batch.baseOffset >= offset) break;
    if (batch.control === undefined && !isAborted(partition, batch)) {
      const part = { from: indexAt(batch, at), to: indexAt(batch, offset) };
      visitExpected(plan, batch, () => (windows += 1), part);
      records += part.to - part.from - unkeyedIn(plan, batch, part);
    }
    at = endOf(batch);
  }
  book.passed.set(name, Object.freeze({ to: offset, windows, records }));
}

/** Whether the oracle still has everything of the partition from this offset on. */
const isRemembered = ({ committed }: PartitionGhost, offset: number): boolean =>
  committed.start === 0 || (committed.size > 0 && committed.at(committed.start).baseOffset <= offset);

/** How many records of a batch lie below an offset. */
function indexAt({ baseOffset, records: { count, offsetDeltas } }: BatchView, offset: number): number {
  if (offsetDeltas === undefined) return Math.max(0, Math.min(count, offset - baseOffset));
  const index = offsetDeltas.findIndex((delta) => baseOffset + delta >= offset);
  return index < 0 ? count : index;
}
