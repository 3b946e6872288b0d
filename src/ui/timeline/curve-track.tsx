import { useReadableRun } from '../state/binding.ts';
import { lastBefore } from '../view-model/last-before.ts';
import { count } from '../view-model/number-format.ts';
import { thin, type Curve } from '../view-model/timeline-tracks.ts';
import styles from './curve-track.module.css';
import { clampX, xOf, type Scale } from './scale.ts';
import { TrackName } from './track-name.tsx';

interface CurveTrackProps {
  readonly curve: Curve;
  /** All curves of the timeline have one scale, so that pressure is seen to move. */
  readonly max: number;
  readonly scale: Scale;
  readonly y: number;
  readonly height: number;
}

export function CurveTrack({ curve, max, scale, y, height }: CurveTrackProps) {
  const at = useReadableRun((state) => state.model.at);
  const base = height - 4;
  const yOf = (value: number) => base - (value / max) * (height - 9);
  const end = useReadableRun((state) => Math.max(state.status.furthest, state.model.at));
  const points = toTheEnds(thin(curve, scale.from, scale.to, scale.width), end);
  const path = points.map((point) => `${clampX(scale, point.at).toFixed(1)} ${yOf(point.value).toFixed(1)}`);
  const now = curve.points[lastBefore(curve.points, at)];
  const nowX = clampX(scale, at);
  const right = scale.left + scale.width;
  const word = now === undefined ? '0' : count(now.value);
  const after = nowX + 10 + word.length * 7 < right;
  return (
    <g transform={`translate(0 ${y})`}>
      <TrackName name={curve.name} left={scale.left} y={height / 2 + 5} />
      <line className={styles.base} x1={scale.left} x2={clampX(scale, end)} y1={base} y2={base} />
      {path.length > 1 ? <path className={styles.curve} d={`M${path.join('L')}`} /> : null}
      <text
        className={styles.now}
        x={after ? nowX + 8 : nowX - 8}
        y={height / 2 + 5}
        textAnchor={after ? 'start' : 'end'}
      >
        {word}
      </text>
      <Peak curve={curve} scale={scale} yOf={yOf} nowX={nowX} now={now?.value ?? 0} />
      <line className={styles.rule} x1={0} x2={right + 20} y1={height} y2={height} />
    </g>
  );
}

/** From the beginning of the run to its end: before the first point nothing waits, after the last it is as it was. */
function toTheEnds(points: Curve['points'], end: number): Curve['points'] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return points;
  const before = first.at <= 1_000_000 ? [{ at: 0, value: 0 }] : [];
  return [...before, ...points, { at: Math.max(end, last.at), value: last.value }];
}

interface PeakProps {
  readonly curve: Curve;
  readonly scale: Scale;
  readonly yOf: (value: number) => number;
  readonly nowX: number;
  /** The value of now. */
  readonly now: number;
}

/** The highest value in view, if it stands clear of the curve, of the rule and of the value of now. */
function Peak({ curve, scale, yOf, nowX, now }: PeakProps) {
  const seen = curve.points.filter(({ at }) => at >= scale.from && at <= scale.to);
  const peak = seen.reduce((best, point) => (point.value > best.value ? point : best), { at: 0, value: 0 });
  if (peak.value <= now || peak.value < curve.max / 2 || peak.value < 50 || yOf(peak.value) + 9 > yOf(0))
    return null;
  const x = xOf(scale, peak.at);
  const nowWidth = count(now).length * 7;
  const words = `max ${count(peak.value)}`;
  const width = words.length * 6;
  const y = Math.max(12, yOf(peak.value) + 9);
  const isFree = (from: number) =>
    from > scale.left &&
    from + width < scale.left + scale.width &&
    (from > nowX + nowWidth + 16 || from + width < nowX - nowWidth - 16) &&
    seen.every(({ at, value }) => {
      const px = xOf(scale, at);
      return px < from - 2 || px > from + width + 2 || yOf(value) > y + 1;
    });
  const from = [x + 7, x - 7 - width, x + 20, x + 36, x + 56].find(isFree);
  if (from === undefined) return null;
  return (
    <text className={styles.peak} x={from} y={y}>
      {words}
    </text>
  );
}
