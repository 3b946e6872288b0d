import { useMemo } from 'react';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import { useReadableRun } from '../state/binding.ts';
import { lastBefore } from '../view-model/last-before.ts';
import { markedMoments } from '../view-model/marked-moments.ts';
import styles from './ruler.module.css';
import { clampX, inView, ticksOf, xOf, type Scale } from './scale.ts';

export const RULER_HEIGHT = 20;

/** Markers closer than this are one. */
const APART = 5;

interface RulerProps {
  readonly scale: Scale;
  readonly height: number;
  /** Up to where tickets stand in the row below. */
  readonly ticketsEnd: number;
}

/** The time axis with markers for what matters, and the part that has not run yet. */
export function Ruler({ scale, height, ticketsEnd }: RulerProps) {
  const furthest = useReadableRun((state) => Math.max(state.status.furthest, state.model.at));
  const right = scale.left + scale.width;
  const unknown = clampX(scale, furthest);
  return (
    <g className={styles.ruler}>
      {right - unknown > 1 ? (
        <rect
          className={styles.unknown}
          x={unknown}
          y={RULER_HEIGHT}
          width={right - unknown}
          height={height}
        />
      ) : null}
      {right - Math.max(unknown, ticketsEnd) > 110 && height > 60 ? (
        <text className={styles.words} x={right - 12} y={RULER_HEIGHT + 21} textAnchor="end">
          not run yet
        </text>
      ) : null}
      <line className={styles.axis} x1={scale.left} x2={right} y1={RULER_HEIGHT} y2={RULER_HEIGHT} />
      {ticksOf(scale).map(({ x, words }) => (
        <g key={x}>
          <line className={styles.tick} x1={x} x2={x} y1={words === null ? 17 : 14} y2={RULER_HEIGHT} />
          {words === null ? null : (
            <text className={styles.words} x={x} y={11} textAnchor="middle">
              {words}
            </text>
          )}
        </g>
      ))}
      <Markers scale={scale} />
    </g>
  );
}

/** Diamonds where something happened that is worth stopping at. */
function Markers({ scale }: { readonly scale: Scale }) {
  const all = useReadableRun((state) => state.history.notable);
  const notable = useMemo(() => markedMoments(all), [all]);
  const first = Math.max(0, lastBefore(notable, scale.from));
  const marks: { readonly id: number; readonly x: number }[] = [];
  const harms: { readonly id: number; readonly x: number }[] = [];
  for (const event of notable.slice(first)) {
    if (event.at > scale.to) break;
    if (!inView(scale, event.at)) continue;
    const x = xOf(scale, event.at);
    if (isHarm(event)) harms.push({ id: event.id, x });
    else if (x - (marks.at(-1)?.x ?? -Infinity) >= APART) marks.push({ id: event.id, x });
  }
  return (
    <>
      {marks.map(({ id, x }) => (
        <path key={id} className={styles.marker} d={`M${x} ${RULER_HEIGHT}l4 -5l-4 -5l-4 5z`} />
      ))}
      {harms.map(({ id, x }) => (
        <path key={id} className={styles.harm} d={`M${x} ${RULER_HEIGHT + 1}l6 -7l-6 -7l-6 7zm-3 -7h6`} />
      ))}
    </>
  );
}

/** Harm that is proven stands out from what may lead to it. */
const isHarm = ({ data }: TraceEvent): boolean => data.type === 'records-lost' && data.lost > data.before;
