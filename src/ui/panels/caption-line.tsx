import { useMemo } from 'react';
import { Button } from '../widgets/button.tsx';
import { KeyCap } from '../widgets/key-cap.tsx';
import { useApp, useLayout, useReadableRun } from '../state/binding.ts';
import { lastBefore } from '../state/history.ts';
import { lineAt, type Line } from '../view-model/narration.ts';
import { count, moment, plural } from '../view-model/number-format.ts';
import styles from './caption-line.module.css';
import { useNames } from './use-names.ts';

/** While playing, what matters stands this long before lesser things take its place. */
const READING_TIME = 3_000_000;

/** The newest notable thing that happened at the moment shown. */
export function useLine(): Line | null {
  const notable = useReadableRun((state) => state.history.notable);
  const at = useReadableRun((state) => state.model.at);
  const names = useNames();
  const playing = useReadableRun((state) => state.status.playing);
  const index = lastBefore(notable, at);
  const within = playing ? READING_TIME : undefined;
  return useMemo(() => lineAt(notable, index, names, within), [notable, index, names, within]);
}

/** One sentence on what just happened, between stage and timeline. */
export function CaptionLine() {
  const { layout } = useApp();
  const line = useLine();
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
  const cluster = useReadableRun((state) => state.model.entities.get('cluster'));
  const ledger = cluster?.kind === 'cluster' ? cluster.ledger : null;
  const sentence =
    at === 0 || ledger === null
      ? 'Nothing has happened yet. Play, or crash something first.'
      : `Nothing has gone wrong: ${count(ledger.acknowledged)} of ${plural(ledger.asked, 'record')} acknowledged, ${count(ledger.counted)} counted, ${count(ledger.lost)} lost.`;
  return <p className={styles.sentence}>{sentence}</p>;
}
