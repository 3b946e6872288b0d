import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { SimTime } from '../../engine/base/time.ts';
import type { Names } from './caption.ts';
import { lastBefore } from './last-before.ts';
import { lineAt, narrate, type Line } from './narration.ts';
import { isBeat, narrateRhythm, rhythmLine } from './rhythm.ts';

/** What a run is told from, each oldest first: the rare, and what happens by the dozen each second. */
export interface Story {
  readonly notable: readonly TraceEvent[];
  readonly rhythm: readonly TraceEvent[];
  /** Steps of transactions; what is decided of them is part of the rhythm. */
  readonly transactions: readonly TraceEvent[];
}

/** How a caption is read. */
export interface Reading {
  /** How fast the run goes on: simulated seconds per second of the reader, null while it stands. */
  readonly pace: number | null;
  /** Signs for which there is room, more or less. */
  readonly longest: number;
}

/** What matters stands this long for its reader before lesser things take its place. */
const READING_TIME: SimTime = 3_000_000;

/** Everything up to a moment, oldest first. */
export function storyLines({ notable, rhythm, transactions }: Story, names: Names): readonly Line[] {
  const beats = inOrder([...rhythm, ...transactions.filter(isBeat)]);
  return inOrder([...narrate(notable, names), ...narrateRhythm(beats, names)]);
}

const inOrder = <T extends { readonly id: number }>(items: T[]): readonly T[] =>
  items.sort((a, b) => a.id - b.id);

/**
 * What the caption says at a moment: what is rare as long as it is fresh, else the rhythm, else what was rare last. While
 * the run goes on the rhythm is that of the last whole span of reading time, so that the sentence stands still.
 */
export function captionLine(
  story: Story,
  at: SimTime,
  names: Names,
  { pace, longest }: Reading,
): Line | null {
  const { notable } = story;
  const index = lastBefore(notable, at);
  const rare = notable[index];
  if (pace === null && rare?.at !== at) {
    const here = rhythmLine(beatsBetween(story, at - 1, at), names);
    if (here !== null) return here;
  }
  const reading = READING_TIME * (pace ?? 1);
  const told = lineAt(notable, index, names, { longest, ...(pace === null ? {} : { within: READING_TIME }) });
  if (rare !== undefined && at - rare.at <= reading) return told;
  const end = pace === null ? at : Math.floor(at / reading) * reading;
  return rhythmLine(beatsBetween(story, end - reading, end), names, longest) ?? told;
}

const beatsBetween = (
  { rhythm, transactions }: Story,
  after: SimTime,
  upTo: SimTime,
): readonly TraceEvent[] =>
  inOrder([...between(rhythm, after, upTo), ...between(transactions, after, upTo).filter(isBeat)]);

/** Events after one moment, up to another. */
const between = (events: readonly TraceEvent[], after: SimTime, upTo: SimTime): readonly TraceEvent[] =>
  events.slice(lastBefore(events, after) + 1, lastBefore(events, upTo) + 1);
