import { Button } from '../widgets/button.tsx';
import { useApp, useTimeline } from '../state/binding.ts';
import styles from './sheet-time.module.css';
import { Tracks } from './tracks.tsx';
import { SpeedChoice } from './transport.tsx';

/** Time on a phone: speed, jumps, undo, and the tracks. */
export function SheetTime() {
  const { actions } = useApp();
  const tall = useTimeline((state) => state.tall);
  return (
    <div className={styles.time}>
      <div className={styles.row}>
        <SpeedChoice />
      </div>
      <div className={styles.row}>
        <Button icon="start" bare aria-label="To the start" onClick={() => actions.seek(0)} />
        <Button icon="jump" onClick={() => actions.stepNotable(1)}>
          Next interesting
        </Button>
        <Button icon="undo" bare aria-label="Undo" onClick={actions.undo} />
        <Button icon="redo" bare aria-label="Redo" onClick={actions.redo} />
      </div>
      <div className={`${styles.tracks ?? ''} ${tall ? (styles.tall ?? '') : ''}`}>
        <Tracks slim={false} />
      </div>
    </div>
  );
}
