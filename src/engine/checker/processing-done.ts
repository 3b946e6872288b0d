import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { ReaderView, ReportView, WorkingGroupView } from '../api/views/client.ts';
import type { NodeId } from '../api/ids.ts';
import { rowsOf, setMarks, timesProcessed, WORK, type ProcessingGhost } from './processing-ghost.ts';
import { playingInto, visitRows } from './standing.ts';

/** Takes down what a reader says that it is done with. What a life that ended had not said is not done. */
export function hear(
  view: ClusterView,
  known: ProcessingGhost,
  { topic, output }: WorkingGroupView,
  reader: ReaderView,
): void {
  const { node, incarnation, reports } = reader;
  if (reports === undefined || output !== null) return;
  const before = known.heard.get(node);
  const from = before?.incarnation === incarnation ? before.end : 0;
  const { end } = reports;
  if (from === end) return;
  const producers = playingInto(view, topic);
  for (let i = from; i < end; i++) {
    const report = reports.at(i);
    visitRows(producers, report.batch, (producer, row, index) => {
      const offset = offsetAt(report.batch, index);
      if (isWithin(report, offset))
        noteDone(known, { producer: producer.node, row, lane: report.name, at: offset });
    });
  }
  known.heard.set(node, Object.freeze({ incarnation, end }));
}

const isWithin = ({ from, last }: ReportView, offset: number): boolean => offset >= from && offset <= last;

export const offsetAt = ({ baseOffset, records }: BatchView, index: number): number =>
  baseOffset + (records.offsetDeltas?.[index] ?? index);

export interface Done {
  readonly producer: NodeId;
  readonly row: number;
  /** Within a lane, rows are to be processed for the first time in the order of `at`. */
  readonly lane: string;
  readonly at: number;
}

export function noteDone(known: ProcessingGhost, { producer, row, lane, at }: Done): void {
  const marks = rowsOf(known, producer).get(row);
  const times = timesProcessed(marks);
  if (times < WORK.times) setMarks(known, producer, row, marks + 1);
  if (times > 0) return;
  const newest = known.newest.get(lane) ?? -1;
  if (at < newest) known.disordered += 1;
  else known.newest.set(lane, at);
}
