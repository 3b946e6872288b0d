import { shorten, textWidth } from '../view-model/picture/text-width.ts';
import { LABELS_LEFT } from './use-scale.ts';
import styles from './track-name.module.css';

interface TrackNameProps {
  readonly name: string;
  /** Where the tracks begin. */
  readonly left: number;
  readonly y: number;
}

/** Condensed before it is cut, as everywhere. */
export function TrackName({ name, left, y }: TrackNameProps) {
  const room = left - LABELS_LEFT - 8;
  const wide = textWidth(name) <= room;
  return (
    <text className={wide ? styles.name : styles.condensed} x={LABELS_LEFT} y={y}>
      {wide ? name : shorten(name, room, 'cond')}
    </text>
  );
}
