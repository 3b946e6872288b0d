import type { Entity } from '../../engine/api/frame.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { SimTime } from '../../engine/base/time.ts';
import { plural, seconds } from './number-format.ts';

/** A transaction from its first step to its last marker, or several committed ones that stand too close to be told apart. */
export interface TransactionPart {
  readonly from: SimTime;
  /** When its outcome was stored; null before. */
  readonly prepared: SimTime | null;
  readonly to: SimTime;
  readonly outcome: 'open' | 'prepared' | 'committed' | 'aborted';
  /** Transactions. */
  readonly count: number;
  /** The coordinator aborted it in its producer's stead. */
  readonly forced: boolean;
}

/** The transactions of one id, oldest first. */
export interface TransactionTrack {
  readonly name: string;
  readonly parts: readonly TransactionPart[];
  /** What is still under way. */
  readonly tail: Omit<TransactionPart, 'to'> | null;
}

interface Begun {
  readonly from: SimTime;
  readonly producerId: number;
  readonly producerEpoch: number;
  prepared: SimTime | null;
  forced: boolean;
}

/** A track for each transactional id, from the steps that are known, by name. */
export function transactionTracks(steps: readonly TraceEvent[]): readonly TransactionTrack[] {
  const open = new Map<string, Begun>();
  const parts = new Map<string, TransactionPart[]>();
  for (const { at, data } of steps) {
    if (data.type !== 'transaction-changed') continue;
    const { transactionalId: id, state, reason } = data;
    const mine = parts.get(id) ?? [];
    parts.set(id, mine);
    if (state === 'Empty') continue;
    const begun = goingOn(open.get(id), data) ?? beginAt(at, data);
    open.set(id, begun);
    if (state === 'Ongoing') continue;
    begun.prepared ??= at;
    if (reason !== undefined && reason !== 'asked') begun.forced = true;
    if (state.startsWith('Prepare')) continue;
    const outcome = state === 'CompleteCommit' ? 'committed' : 'aborted';
    const { from, prepared, forced } = begun;
    mine.push({ from, prepared, to: at, outcome, count: 1, forced });
    open.delete(id);
  }
  return [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, mine]) => ({ name, parts: mine, tail: tailOf(open.get(name)) }));
}

type Step = Extract<TraceEvent['data'], { type: 'transaction-changed' }>;

const beginAt = (from: SimTime, { producerId, producerEpoch }: Step): Begun => ({
  from,
  producerId,
  producerEpoch,
  prepared: null,
  forced: false,
});

/** What has begun, if this is a step of it: ending raises the epoch by one. Steps between may be unknown after a jump. */
function goingOn(begun: Begun | undefined, { producerId, producerEpoch }: Step): Begun | undefined {
  if (begun?.producerId !== producerId) return undefined;
  const raised = producerEpoch - begun.producerEpoch;
  return raised === 0 || raised === 1 ? begun : undefined;
}

function tailOf(begun: Begun | undefined): TransactionTrack['tail'] {
  if (begun === undefined) return null;
  const { from, prepared, forced } = begun;
  return { from, prepared, forced, outcome: prepared === null ? 'open' : 'prepared', count: 1 };
}

/**
 * So many tracks at most: that of what is picked first, then those in whose stead a coordinator acted or that are open,
 * and in the order of their names.
 */
export function chosenTracks(
  tracks: readonly TransactionTrack[],
  picked: string | null,
  most: number,
): readonly TransactionTrack[] {
  const weight = ({ name, parts, tail }: TransactionTrack): number =>
    name === picked ? 0 : parts.some(({ forced }) => forced) ? 1 : tail === null ? 3 : 2;
  const chosen = new Set([...tracks].sort((a, b) => weight(a) - weight(b)).slice(0, most));
  return tracks.filter((track) => chosen.has(track));
}

/** The transactional id that a selection is about. */
export function pickedTransaction(entity: Entity | undefined): string | null {
  if (entity?.kind === 'transaction') return entity.name;
  return entity?.kind === 'producer' ? (entity.transactions?.transactionalId ?? null) : null;
}

/** What a view of time shows of a track, up to `end`: transactions closer than `apart` become one, if all committed. */
export function partsInView(
  { parts, tail }: TransactionTrack,
  view: { readonly from: SimTime; readonly to: SimTime; readonly end: SimTime; readonly apart: SimTime },
): readonly TransactionPart[] {
  const all = tail === null ? parts : [...parts, { ...tail, to: Math.max(view.end, tail.from) }];
  const shown: TransactionPart[] = [];
  for (const part of all) {
    if (part.to < view.from || part.from > view.to) continue;
    const last = shown.at(-1);
    if (last !== undefined && isClose(last, part, view.apart))
      shown[shown.length - 1] = { ...last, prepared: null, to: part.to, count: last.count + part.count };
    else shown.push(part);
  }
  return shown;
}

/** A long transaction stands by itself, whatever became of it. */
const isClose = (last: TransactionPart, next: TransactionPart, apart: SimTime): boolean =>
  last.outcome === 'committed' &&
  next.outcome === 'committed' &&
  next.from - last.to < apart &&
  next.to - next.from < 4 * apart &&
  (last.count > 1 || last.to - last.from < 4 * apart);

/** What stands in or behind a part. */
export function partWords({ outcome, count, from, to, forced }: TransactionPart): string {
  if (count > 1) return `${plural(count, 'commit')}`;
  switch (outcome) {
    case 'open':
      return `open ${seconds((to - from) / 1_000)}`;
    case 'prepared':
      return 'decided, markers on their way';
    case 'committed':
      return 'committed';
    case 'aborted':
      return forced ? 'aborted by its coordinator' : 'aborted';
  }
}
