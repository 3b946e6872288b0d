import { useMemo } from 'react';
import { useTimeline } from '../state/binding.ts';
import type { Scale } from './scale.ts';

/** Where the names of tracks begin. */
export const LABELS_LEFT = 16;
/** Room for the names of tracks, and at the right edge. */
const LABELS = 152;
const LABELS_NARROW = 140;
const NARROW = 1_200;
const RIGHT = 20;

/** The timeline's view on a width of so many pixels. */
export function useScale(width: number): Scale {
  const from = useTimeline((state) => state.from);
  const to = useTimeline((state) => state.to);
  return useMemo(() => {
    const left = width < NARROW ? LABELS_NARROW : LABELS;
    return { from, to, left, width: Math.max(1, width - left - RIGHT) };
  }, [from, to, width]);
}
