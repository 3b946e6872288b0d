import { useRef } from 'react';
import type { TopologyFigure } from '../../../engine/api/topology-driver.ts';
import type { DrawnTopology } from '../../state/bench.ts';
import { useSize } from '../../widgets/use-size.ts';
import styles from './bench.module.css';
import { TopologyPicture, type PictureMarks } from './topology-picture.tsx';

interface FittedProps {
  readonly name: string;
  readonly drawn: DrawnTopology;
  readonly marks: PictureMarks;
  readonly selected: string | null;
  readonly onSelect: (node: string | null) => void;
}

/** The picture, with records flowing rightwards where it is wide enough for that, else downwards. */
export function FittedPicture({ name, drawn, ...props }: FittedProps) {
  const host = useRef<HTMLDivElement>(null);
  const { width } = useSize(host);
  const figure: TopologyFigure = drawn.figure;
  const placed = width > 0 && width < drawn.right.width ? drawn.down : drawn.right;
  return (
    <div className={styles.picture} ref={host}>
      {width === 0 ? null : <TopologyPicture name={name} figure={figure} placed={placed} {...props} />}
    </div>
  );
}
