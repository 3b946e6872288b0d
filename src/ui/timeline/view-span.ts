import type { SimTime } from '../../engine/base/time.ts';

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
