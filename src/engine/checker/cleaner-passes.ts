import type { NodeId } from '../api/ids.ts';
import type { TraceEvent } from '../api/trace-event.ts';
import type { LogView } from '../api/views/log.ts';
import { partitionGhost, type CleanerPass, type CleanerPasses } from './ghost.ts';
import { endOf, type Scene } from './invariant.ts';

type Cleaned = Extract<TraceEvent['data'], { type: 'log-cleaned' }>;

/** Takes down that a cleaner was through a log, and until when the tombstones that it has met have to stay. */
export function notePass({ view, ghost }: Scene, node: NodeId, { partition, upTo, beganMs }: Cleaned): void {
  ghost.cleaned.add(`${node} ${partition}`);
  const replicas = view.brokers.find((broker) => broker.node === node)?.replicas ?? [];
  const replica = replicas.find(({ name }) => name === partition);
  if (replica === undefined) return;
  const { passes } = partitionGhost(ghost, replica);
  const to = furthestMet(replica.records, upTo);
  const pass: CleanerPass = Object.freeze({ to, untilMs: beganMs + replica.deleteRetentionMs });
  passes.lastMs = Math.max(passes.lastMs, beganMs);
  passes.recent = [...passes.recent.filter((other) => !tells(pass, other)), pass];
  forgetPast(passes);
}

/** Segments are cleaned as a whole: what lies behind may have been given a time too. */
function furthestMet(log: LogView, upTo: number): number {
  let to = upTo;
  log.visit(upTo, Infinity, (batch) => {
    if (batch.deleteHorizonMs !== undefined) to = endOf(batch);
  });
  return to;
}

/** Whether one pass allows all that the other allows. */
const tells = (one: CleanerPass, other: CleanerPass): boolean =>
  one.to >= other.to && one.untilMs <= other.untilMs;

function forgetPast(passes: CleanerPasses): void {
  const isPast = ({ untilMs }: CleanerPass): boolean => untilMs <= passes.lastMs;
  for (const pass of passes.recent) if (isPast(pass)) passes.freeTo = Math.max(passes.freeTo, pass.to);
  passes.recent = passes.recent.filter((pass) => !isPast(pass) && pass.to > passes.freeTo);
}
