import type { ClusterView } from '../api/cluster-view.ts';
import type { ReaderView, WorkingGroupView } from '../api/views/client.ts';
import type { Processing } from '../api/entities/group.ts';
import type { NodeId, TopicPartitionName } from '../api/ids.ts';
import type { Ghost } from './ghost.ts';
import type { Scene } from './invariant.ts';
import { hear } from './processing-done.ts';
import { isLeft, newProcessing, rowsOf, type ProcessingGhost } from './processing-ghost.ts';
import { countOutput } from './processing-output.ts';
import { passCommitted, type AtWork } from './processing-passed.ts';
import { playingInto, visitRows } from './standing.ts';

interface Listened {
  readonly group: WorkingGroupView;
  readonly reader: ReaderView;
}

/**
 * The judge of what groups do with the rows of tapes. It hears what readers say that they are done with, sees what
 * they have committed, and asks none of them what they believe.
 */
export class ProcessingWatch {
  private readonly groups: readonly WorkingGroupView[];
  private readonly byNode = new Map<NodeId, Listened>();

  constructor(view: ClusterView) {
    this.groups = view.workingGroups;
    const readers = new Map(view.readers.map((reader) => [reader.node, reader]));
    for (const group of this.groups)
      for (const node of group.readers) {
        const reader = readers.get(node);
        if (reader !== undefined) this.byNode.set(node, { group, reader });
      }
  }

  /** Listens to the reader whose event this was, or to all. */
  look({ view, ghost }: Scene, touched: NodeId): void {
    const one = this.byNode.get(touched);
    if (one !== undefined) hear(view, processingGhost(ghost, one.group.groupId), one.group, one.reader);
    if (touched !== '') return;
    for (const { group, reader } of this.byNode.values())
      hear(view, processingGhost(ghost, group.groupId), group, reader);
  }

  /** Retention has deleted what is below an offset, and it will be forgotten. */
  noteDeleted({ view, ghost }: Scene, name: TopicPartitionName, offset: number): void {
    const topic = ghost.partitions.get(name)?.topic;
    for (const group of this.groups) {
      const known = processingGhost(ghost, group.groupId);
      if (topic === group.output) countOutput({ view, ghost, group, known });
      if (topic !== group.topic) continue;
      known.deleted.set(name, Math.max(offset, known.deleted.get(name) ?? 0));
      passCommitted({ view, ghost, group, known });
    }
  }

  /** What became of the rows in a group's hands; undefined for a group that works on something else. */
  account({ view, ghost }: Scene, groupId: string): Processing | undefined {
    const group = this.groups.find((candidate) => candidate.groupId === groupId);
    if (group === undefined) return undefined;
    const known = processingGhost(ghost, groupId);
    const work: AtWork = { view, ghost, group, known };
    countOutput(work);
    if (known.isUntold) return undefined;
    passCommitted(work);
    const { processed, repeated, disordered, left } = known;
    return { processed, repeated, disordered, skipped: left - this.leftInHand(work) };
  }

  /** What a reader still has in hand is late, but not lost. */
  private leftInHand({ view, group, known }: AtWork): number {
    const left = new Set<string>();
    const producers = playingInto(view, group.topic);
    for (const { group: other, reader } of this.byNode.values()) {
      if (other !== group) continue;
      for (const { batch, from, to } of reader.inHand)
        visitRows(producers, batch, ({ node }, row, index) => {
          const isHeld = index >= from && index < to;
          if (isHeld && isLeft(rowsOf(known, node).get(row))) left.add(`${node}/${row}`);
        });
    }
    return left.size;
  }
}

function processingGhost({ processing }: Ghost, groupId: string): ProcessingGhost {
  let known = processing.get(groupId);
  if (known === undefined) {
    known = newProcessing();
    processing.set(groupId, known);
  }
  return known;
}
