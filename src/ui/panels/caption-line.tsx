import { Button } from '../widgets/button.tsx';
import { KeyCap } from '../widgets/key-cap.tsx';
import { useApp, useLayout, useReadableRun } from '../state/binding.ts';
import { NARROW, useLine } from '../state/use-line.ts';
import { count, moment, plural } from '../view-model/number-format.ts';
import { useMedia } from '../widgets/use-media.ts';
import styles from './caption-line.module.css';
import { useCounts } from './top-bar.tsx';

/** One sentence on what just happened, between stage and timeline. */
export function CaptionLine() {
  const { layout } = useApp();
  const line = useLine(useMedia(NARROW));
  const narration = useLayout((state) => state.narration);
  return (
    <section className={styles.line} aria-label="Caption">
      {line === null ? (
        <Quiet />
      ) : (
        <>
          <span className={styles.time}>{moment(line.at)}</span>
          <p className={styles.sentence}>{line.sentence}</p>
        </>
      )}
      <Button
        look="plain"
        className={styles.more}
        aria-expanded={narration}
        onClick={() => layout.setState({ narration: !narration })}
      >
        <KeyCap>N</KeyCap> Narration
      </Button>
    </section>
  );
}

/** What can be said while nothing out of the ordinary has happened. */
function Quiet() {
  const at = useReadableRun((state) => state.model.at);
  const playing = useReadableRun((state) => state.status.playing);
  const counts = useCounts();
  const cluster = useReadableRun((state) => state.model.entities.get('cluster'));
  const ledger = cluster?.kind === 'cluster' ? cluster.ledger : null;
  const sentence =
    at === 0 || ledger === null
      ? 'Nothing has happened yet. Play, or crash something first.'
      : ledger.asked === 0
        ? 'No producer has sent anything yet.'
        : playing // numbers that run cannot be read
          ? `Nothing has gone wrong so far: ${count(ledger.lost)} lost, ${count(ledger.duplicated)} twice.`
          : `Nothing has gone wrong: ${count(ledger.acknowledged)} of ${plural(ledger.asked, 'record')} acknowledged, ${counts ? `${count(ledger.counted)} counted, ` : ''}${count(ledger.lost)} lost.`;
  return <p className={styles.sentence}>{sentence}</p>;
}
