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
