import type { Ledger } from '../api/frame.ts';
import type { ApplicationView } from '../api/views/application.ts';
import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { ProducerView, SendOutcome } from '../api/views/client.ts';
import { overlap, unkeyedIn, visitCounts, type CountPlan } from './count-plan.ts';
import { ROW, type Ghost, type PartitionGhost, type ProducerGhost } from './ghost.ts';
import { lostRecords } from './holding.ts';
import { countStanding, endedBy, hasMark, timesStanding, visitRows } from './standing.ts';

/**
 * What became of the tapes' rows, from what producers were told and what the logs hold. Costs what is new since the last
 * time; all of a partition only when another broker holds it or its log was cut.
 *
 * A row is a row however often it was sent: one that a restarted producer sent again is asked once, and duplicated if it
 * was committed twice. `failed` rows got a final error and never an acknowledgement. Of several counts of an application,
 * the first counts; a record in several windows is counted once.
 */
export function ledgerOf(view: ClusterView, ghost: Ghost, plans: readonly CountPlan[]): Ledger {
  absorb(view, ghost, plans);
  let asked = 0;
  let acknowledged = 0;
  let failed = 0;
  let duplicated = 0;
  let lost = 0;
  for (const partition of ghost.partitions.values()) lost += lostRecords(view, partition);
  for (const producer of view.producers) {
    const known = ghost.producers.get(producer.node);
    if (known === undefined) continue;
    asked += known.played;
    acknowledged += known.acknowledged;
    failed += known.failed;
    duplicated += known.duplicated;
    lost += lostUnplaced(view, ghost, producer);
  }
  const droppedLate = lateOf(ghost, view.applications);
  const droppedUnkeyed = unkeyedOf(ghost);
  const counted = countedOf(ghost, plans) + droppedUnkeyed;
  return { asked, acknowledged, failed, lost, duplicated, counted, droppedLate, droppedUnkeyed };
}

/** Counts what was committed since the last time. */
export function absorb(view: ClusterView, ghost: Ghost, plans: readonly CountPlan[]): void {
  const changelogs = new Set(plans.map(({ changelog }) => changelog));
  for (const partition of ghost.partitions.values())
    if (changelogs.has(partition.topic)) foldCounts(partition);
    else {
      foldUnkeyed(partition, plans);
      countStanding(view, ghost, partition);
    }
}

function foldUnkeyed(partition: PartitionGhost, plans: readonly CountPlan[]): void {
  const { committed, counted, topic } = partition;
  for (const plan of plans.filter(({ inputs }) => inputs?.includes(topic) === true))
    for (let i = Math.max(counted, committed.start); i < committed.end; i++)
      partition.unkeyed += unkeyedIn(plan, committed.at(i));
}

function foldCounts(partition: PartitionGhost): void {
  const { committed } = partition;
  for (let i = Math.max(partition.counted, committed.start); i < committed.end; i++) {
    const batch = committed.at(i);
    if (batch.control?.type === 'COMMIT')
      for (const held of heldUntil(partition, i).reverse()) foldBatch(partition, held);
    else if (!batch.isTransactional) foldBatch(partition, batch);
  }
  partition.counted = committed.end;
}

/** The batches that count since the marker at this index, newest first. */
const heldUntil = ({ committed }: PartitionGhost, index: number): BatchView[] =>
  endedBy(committed.at(index), (back) =>
    index - back < committed.start ? undefined : committed.at(index - back),
  );

function foldBatch(partition: PartitionGhost, batch: BatchView): void {
  const { counts } = partition;
  visitCounts(batch, (window, count) => {
    partition.countSum += count - (counts.get(window) ?? 0);
    counts.set(window, count);
  });
}

/**
 * Rows that were acknowledged without an offset (acks=0) and are in no committed log: lost, unless they may still be on
 * their way or wait above a high watermark.
 */
export function lostUnplaced(view: ClusterView, ghost: Ghost, producer: ProducerView): number {
  const known = ghost.producers.get(producer.node);
  if (known === undefined || known.unseen === 0) return 0;
  const waiting = new Set<number>();
  for (const partition of ghost.partitions.values())
    if (partition.topic === producer.topic) addUncommitted(view, partition, producer, waiting);
  addUnderWay(known, producer.oldestUnderWayAt(), waiting);
  let pending = 0;
  for (const row of waiting)
    if (hasMark(known, row, ROW.unplaced) && timesStanding(known, row) === 0) pending += 1;
  return Math.max(0, known.unseen - pending);
}

/** Rows in the leader's log that are not committed. */
function addUncommitted(
  view: ClusterView,
  { topic, partition, name, committedEnd }: PartitionGhost,
  producer: ProducerView,
  waiting: Set<number>,
): void {
  const leader = view.partition(topic, partition)?.leader ?? -1;
  const log = view.brokers.find(({ id }) => id === leader)?.stored(name);
  log?.visit(committedEnd, Infinity, (batch) => visitRows([producer], batch, (_, row) => waiting.add(row)));
}

/** Rows that were acknowledged no earlier than the oldest message under way was sent. */
function addUnderWay({ unplaced }: ProducerGhost, since: number, waiting: Set<number>): void {
  for (let i = unplaced.end - 1; i >= unplaced.start; i--) {
    const outcome: SendOutcome = unplaced.at(i);
    if (outcome.at < since) return;
    for (const row of outcome.rows) waiting.add(row);
  }
}

function lateOf(ghost: Ghost, applications: readonly ApplicationView[]): number {
  return applications.reduce((sum, { id }) => sum + (ghost.late.get(id)?.records ?? 0), 0);
}

function unkeyedOf(ghost: Ghost): number {
  let unkeyed = 0;
  for (const partition of ghost.partitions.values()) unkeyed += partition.unkeyed;
  return unkeyed;
}

/** Rows in windows, and those that came too late for theirs. */
function countedOf(ghost: Ghost, plans: readonly CountPlan[]): number {
  let counted = 0;
  for (const plan of plans) {
    let windows = ghost.late.get(plan.application)?.records ?? 0;
    for (const partition of ghost.partitions.values())
      if (partition.topic === plan.changelog) windows += partition.countSum;
    counted += Math.floor(windows / overlap(plan));
  }
  return counted;
}
