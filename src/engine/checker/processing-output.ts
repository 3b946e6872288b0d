import type { BatchView } from '../api/views/log.ts';
import type { PartitionGhost } from './ghost.ts';
import { noteDone } from './processing-done.ts';
import { rowsOf, setMarks, WORK } from './processing-ghost.ts';
import type { AtWork } from './processing-passed.ts';
import { endedBy, playingInto, visitRows } from './standing.ts';

/**
 * Takes down what was committed of a group's output since the last time. A row that stands there is processed once its
 * transaction is committed; until then it is under way.
 */
export function countOutput(work: AtWork): void {
  const { ghost, group, known } = work;
  if (group.output === null) return;
  for (const partition of ghost.partitions.values()) {
    if (partition.topic !== group.output) continue;
    const { committed, name } = partition;
    const from = Math.max(known.counted.get(name) ?? 0, committed.start);
    if (from > committed.end) known.isUntold = true;
    for (let i = from; i < committed.end; i++) count(work, partition, i);
    known.counted.set(name, committed.end);
  }
}

function count(work: AtWork, partition: PartitionGhost, i: number): void {
  const { committed } = partition;
  const batch = committed.at(i);
  if (batch.control === undefined) {
    if (batch.isTransactional) open(work, batch, 1);
    else done(work, partition, batch);
    return;
  }
  const ended = endedBy(batch, (back) => (i - back < committed.start ? undefined : committed.at(i - back)));
  for (const held of ended.reverse()) {
    open(work, held, -1);
    if (batch.control.type === 'COMMIT') done(work, partition, held);
  }
}

function open({ view, group, known }: AtWork, batch: BatchView, by: 1 | -1): void {
  visitRows(playingInto(view, group.topic), batch, ({ node }, row) => {
    const marks = rowsOf(known, node).get(row);
    const times = (marks & WORK.openMask) / WORK.open + by;
    const next = Math.max(0, Math.min(WORK.openMask / WORK.open, times));
    setMarks(known, node, row, (marks & ~WORK.openMask) | (next * WORK.open));
  });
}

/** Records of one key are to come out in the order in which they were played. */
function done({ view, group, known }: AtWork, { name }: PartitionGhost, batch: BatchView): void {
  visitRows(playingInto(view, group.topic), batch, ({ node }, row, index) => {
    const lane = `${name} ${node} ${batch.records.keys[index] ?? ''}`;
    noteDone(known, { producer: node, row, lane, at: row });
  });
}
