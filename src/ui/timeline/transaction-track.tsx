import { useReadableRun } from '../state/binding.ts';
import {
  partsInView,
  partWords,
  type TransactionPart,
  type TransactionTrack as Track,
} from '../view-model/transaction-tracks.ts';
import { clampX, type Scale } from './scale.ts';
import { TrackName } from './track-name.tsx';
import styles from './transaction-track.module.css';

interface TransactionTrackProps {
  readonly track: Track;
  /** Who it is of. */
  readonly name: string;
  readonly scale: Scale;
  readonly y: number;
  readonly height: number;
}

/** Transactions closer than so many pixels are one mark. */
const APART = 3;
const TOP = 4;
const HIGH = 15;

/** What became of the transactions of one id: open, decided, committed, aborted. */
export function TransactionTrack({ track, name, scale, y, height }: TransactionTrackProps) {
  const end = useReadableRun((state) => Math.max(state.status.furthest, state.model.at));
  const { from, to, left, width } = scale;
  const apart = ((to - from) / width) * APART;
  const parts = partsInView(track, { from, to, end, apart });
  return (
    <g transform={`translate(0 ${y})`}>
      <TrackName name={`txn ${name}`} left={left} y={17} />
      {parts.map((part, i) => (
        <Part
          key={part.from}
          part={part}
          scale={scale}
          free={clampX(scale, parts[i + 1]?.from ?? scale.to)}
        />
      ))}
      <line className={styles.rule} x1={0} x2={left + width + 20} y1={height} y2={height} />
    </g>
  );
}

interface PartProps {
  readonly part: TransactionPart;
  readonly scale: Scale;
  /** Up to where nothing else stands. */
  readonly free: number;
}

function Part({ part, scale, free }: PartProps) {
  const { outcome, count, prepared } = part;
  const x = clampX(scale, part.from);
  const width = Math.max(1.5, clampX(scale, part.to) - x);
  const words = partWords(part);
  const box =
    count === 1 && width > HIGH + 6 && (outcome === 'committed' || outcome === 'aborted') ? HIGH : 0;
  const room = words.length * 6.4 + 12;
  const inside = width - box > room;
  const behind = !inside && outcome !== 'committed' && free - x - width > room;
  const decided = prepared === null ? x + width : clampX(scale, prepared);
  return (
    <g>
      <rect
        className={`${styles.part} ${count > 1 ? styles.many : styles[outcome]}`}
        x={x}
        y={TOP}
        width={width}
        height={HIGH}
      />
      {x + width - box - decided > 1.5 ? (
        <rect
          className={styles.decided}
          x={decided}
          y={TOP + 1}
          width={x + width - box - decided}
          height={HIGH - 2}
        />
      ) : null}
      {outcome === 'prepared' ? (
        <path className={styles.end} d={`M${x + width} ${TOP - 1}v${HIGH + 2}`} />
      ) : null}
      {outcome === 'aborted' ? (
        <path className={styles.strike} d={`M${x} ${TOP + HIGH / 2}h${width - box}`} />
      ) : null}
      {box > 0 ? <Marker x={x + width - box} outcome={outcome} /> : null}
      {inside || behind ? (
        <>
          {inside ? (
            <rect className={styles.ground} x={x + 4} y={TOP + 2} width={room - 6} height={HIGH - 4} />
          ) : null}
          <text className={styles.words} x={inside ? x + 7 : x + width + 7} y={16}>
            {words}
          </text>
        </>
      ) : null}
    </g>
  );
}

/** The marker that ended it, as on the log. */
function Marker({ x, outcome }: { readonly x: number; readonly outcome: TransactionPart['outcome'] }) {
  const path = outcome === 'committed' ? 'M4 8l3 3l5 -6' : 'M4.5 4.5l6 6M10.5 4.5l-6 6';
  return (
    <g transform={`translate(${x} ${TOP})`}>
      <rect className={styles.marker} width={HIGH} height={HIGH} />
      <path className={styles.sign} d={path} />
    </g>
  );
}
