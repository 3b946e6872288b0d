import { useId } from 'react';
import { textWidth } from '../view-model/picture/text-width.ts';
import type { Span } from '../view-model/timeline-tracks.ts';
import { clampX, type Scale } from './scale.ts';
import styles from './span-track.module.css';
import { TrackName } from './track-name.tsx';

interface SpanTrackProps {
  readonly name: string;
  /** One above the other. */
  readonly rows: readonly (readonly Span[])[];
  readonly scale: Scale;
  readonly y: number;
  readonly height: number;
}

/** From row to row. */
export const SPAN_PITCH = 19;

/** Things that last, each with its words if they fit. */
export function SpanTrack({ name, rows, scale, y, height }: SpanTrackProps) {
  const id = useId();
  return (
    <g transform={`translate(0 ${y})`}>
      <pattern id={id} width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <path d="M0 0V9" className={styles.hatching} />
      </pattern>
      <TrackName name={name} left={scale.left} y={17} />
      {rows.map((spans, row) => (
        <g key={row} transform={`translate(0 ${row * SPAN_PITCH})`}>
          <SpanRow spans={spans} scale={scale} hatch={`url(#${id})`} />
        </g>
      ))}
      <line className={styles.rule} x1={0} x2={scale.left + scale.width + 20} y1={height} y2={height} />
    </g>
  );
}

function SpanRow({ spans, scale, hatch }: Pick<SpanMarkProps, 'scale' | 'hatch'> & RowOfSpans) {
  const seen = spans.filter((span) => span.to > scale.from && span.from < scale.to);
  return seen.map((span, i) => (
    <SpanMark
      key={`${span.from} ${span.words}`}
      span={span}
      scale={scale}
      hatch={hatch}
      free={clampX(scale, seen[i + 1]?.from ?? scale.to)}
    />
  ));
}

interface RowOfSpans {
  readonly spans: readonly Span[];
}

interface SpanMarkProps {
  readonly span: Span;
  readonly scale: Scale;
  readonly hatch: string;
  /** Up to where nothing else stands. */
  readonly free: number;
}

function SpanMark({ span, scale, hatch, free }: SpanMarkProps) {
  const x = clampX(scale, span.from);
  const width = Math.max(1.5, clampX(scale, span.to) - x);
  const long = textWidth(span.words, 'tb s12') + 18;
  const room = width > long;
  const after = !room && free - x - width > long;
  const hatched = span.look === 'hatch';
  return (
    <g>
      <rect className={`${styles.span} ${styles[span.look]}`} x={x} y={4} width={width} height={15} />
      {hatched ? <rect x={x} y={4} width={width} height={15} fill={hatch} /> : null}
      {room && hatched ? (
        <rect className={styles.ground} x={x + 7} y={6} width={span.words.length * 6.4 + 6} height={11} />
      ) : null}
      {room ? (
        <text className={hatched ? styles.note : styles.words} x={x + 9} y={16}>
          {span.words}
        </text>
      ) : null}
      {after ? (
        <text className={hatched ? styles.note : styles.words} x={x + width + 9} y={16}>
          {span.words}
        </text>
      ) : null}
    </g>
  );
}
