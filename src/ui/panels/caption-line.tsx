import { useMemo } from 'react';
import { Button } from '../widgets/button.tsx';
import { KeyCap } from '../widgets/key-cap.tsx';
import { useApp, useLayout, useReadableRun } from '../state/binding.ts';
import type { SessionStatus } from '../state/playback.ts';
import { count, moment, plural } from '../view-model/number-format.ts';
import type { Line } from '../view-model/narration.ts';
import { captionLine } from '../view-model/story.ts';
import { useMedia } from '../widgets/use-media.ts';
import styles from './caption-line.module.css';
import { useNames } from './use-names.ts';

/** As fast as the machine can is read like this speed. */
const FASTEST = 16;

/** What is to be said of the moment shown. */
export function useLine(): Line | null {
  const { notable, rhythm } = useReadableRun((state) => state.history);
  const at = useReadableRun((state) => state.model.at);
  const names = useNames();
  const pace = useReadableRun((state) => paceOf(state.status));
  const longest = useMedia('(max-width: 1300px)') ? 100 : 150;
  return useMemo(
    () => captionLine({ notable, rhythm }, at, names, { pace, longest }),
    [notable, rhythm, at, names, pace, longest],
  );
}

function paceOf({ playing, speed }: SessionStatus): number | null {
  if (!playing || speed === 'event') return null;
  return speed === 'max' ? FASTEST : speed;
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
  const playing = useReadableRun((state) => state.status.playing);
  const cluster = useReadableRun((state) => state.model.entities.get('cluster'));
  const ledger = cluster?.kind === 'cluster' ? cluster.ledger : null;
  const sentence =
    at === 0 || ledger === null
      ? 'Nothing has happened yet. Play, or crash something first.'
      : playing // numbers that run cannot be read
        ? `Nothing has gone wrong so far: ${count(ledger.lost)} lost, ${count(ledger.duplicated)} twice.`
        : `Nothing has gone wrong: ${count(ledger.acknowledged)} of ${plural(ledger.asked, 'record')} acknowledged, ${count(ledger.counted)} counted, ${count(ledger.lost)} lost.`;
  return <p className={styles.sentence}>{sentence}</p>;
}
