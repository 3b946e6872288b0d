import { useMemo } from 'react';
import { Button } from '../widgets/button.tsx';
import { useApp, useReadableRun } from '../state/binding.ts';
import { moment } from '../view-model/number-format.ts';
import { storyLines } from '../view-model/story.ts';
import { Empty } from './facts.tsx';
import styles from './narration-log.module.css';
import { useNames } from './use-names.ts';

const LINES = 200;

/** The story so far, newest first; a line leads back to its moment. */
export function NarrationLog() {
  const { actions, layout } = useApp();
  const { notable, rhythm, transactions } = useReadableRun((state) => state.history);
  const at = useReadableRun((state) => state.model.at);
  const names = useNames();
  const lines = useMemo(
    () => storyLines({ notable: notable.slice(-LINES * 4), rhythm, transactions }, names),
    [notable, rhythm, transactions, names],
  );
  const past = lines.filter((line) => line.at <= at).slice(-LINES);
  return (
    <section className={styles.log} aria-label="Narration">
      <header>
        <h2>Narration</h2>
        <Button
          look="plain"
          icon="close"
          bare
          aria-label="Close narration"
          onClick={() => layout.setState({ narration: false })}
        />
      </header>
      {past.length === 0 ? (
        <Empty>Nothing has happened yet. Play, and the story is written here.</Empty>
      ) : null}
      <ol>
        {past.reverse().map((line) => (
          <li key={line.id}>
            <button
              type="button"
              onClick={() => actions.seek(line.at)}
              aria-label={`Go to ${moment(line.at)}`}
            >
              {moment(line.at)}
            </button>
            <span>{line.sentence}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
