import { ticks } from 'd3-array';
import type { SimTime } from '../../engine/base/time.ts';

/** Part of time on part of the screen. */
export interface Scale {
  readonly from: SimTime;
  readonly to: SimTime;
  /** Left edge and width in CSS pixels. */
  readonly left: number;
  readonly width: number;
}

export const xOf = ({ from, to, left, width }: Scale, at: SimTime): number =>
  left + ((at - from) / (to - from)) * width;

export const timeAt = ({ from, to, left, width }: Scale, x: number): SimTime =>
  Math.round(from + ((x - left) / width) * (to - from));

export const inView = ({ from, to }: Scale, at: SimTime): boolean => at >= from && at <= to;

/** The same, kept within the view. */
export const clampX = (scale: Scale, at: SimTime): number =>
  Math.min(Math.max(xOf(scale, at), scale.left), scale.left + scale.width);

export interface Tick {
  readonly x: number;
  /** Only every fifth or so has words. */
  readonly words: string | null;
}

/** Ticks with words about every 120 px and finer ones between. */
export function ticksOf(scale: Scale): readonly Tick[] {
  const seconds = (at: SimTime) => at / 1e6;
  const named = ticks(seconds(scale.from), seconds(scale.to), Math.max(2, Math.floor(scale.width / 130)));
  const step = (named[1] ?? 1) - (named[0] ?? 0);
  const fine = ticks(seconds(scale.from), seconds(scale.to), Math.max(2, Math.floor(scale.width / 26)));
  const words = new Map(named.map((s) => [key(s), label(s, step)]));
  return [...new Set([...fine, ...named])].map((s) => ({
    x: xOf(scale, s * 1e6),
    words: words.get(key(s)) ?? null,
  }));
}

const key = (seconds: number): number => Math.round(seconds * 1e6);

function label(seconds: number, step: number): string {
  const digits = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step)));
  const text = seconds.toFixed(digits);
  return seconds === 0 ? `${text} s` : text;
}

/** Smallest and largest part of time that can be looked at, in µs. */
const SPAN_MIN: SimTime = 1_000;
const SPAN_MAX: SimTime = 6 * 3_600_000_000;

interface View {
  readonly from: SimTime;
  readonly to: SimTime;
}

/** Zooms by a factor about a moment, which stays where it is. */
export function zoomed({ from, to }: View, factor: number, about: SimTime): View {
  const span = Math.min(SPAN_MAX, Math.max(SPAN_MIN, (to - from) * factor));
  const share = Math.min(1, Math.max(0, (about - from) / (to - from)));
  const start = Math.max(0, Math.round(about - share * span));
  return { from: start, to: start + Math.round(span) };
}

/** Moves by a part of the view. */
export function panned({ from, to }: View, share: number): View {
  const by = Math.max(-from, Math.round((to - from) * share));
  return { from: from + by, to: to + by };
}

/** Brings a moment that left the view back: the whole run grows, a part of it moves on. */
export function followed(view: View, at: SimTime): View {
  const { from, to } = view;
  if (at >= from && at <= to) return view;
  const span = to - from;
  if (from === 0 && at > to && span * 1.5 >= at && span < 600_000_000)
    return { from: 0, to: Math.round(span * 1.5) };
  const start = Math.max(0, Math.round(at - span * (at < from ? 0.1 : 0.8)));
  return { from: start, to: start + span };
}
