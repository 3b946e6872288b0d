import type { Bench } from '../../state/bench.ts';
import { outcomeWords, stepWords } from '../../view-model/topology/words.ts';
import { Button } from '../../widgets/button.tsx';
import styles from './bench.module.css';
import { useBench } from './use-bench.ts';

/** What was done so far; each step can be looked at again, and the last can be taken back. */
export function DriverHistory({ bench }: { readonly bench: Bench }) {
  const steps = useBench((state) => state.steps);
  const whole = useBench((state) => state.whole);
  const at = useBench((state) => state.at);
  const done = steps.length > 0;
  return (
    <section className={styles.history} aria-label="Steps">
      <div className={styles.row}>
        <h3>Steps</h3>
        <Button icon="undo" iconSize={16} disabled={!done} onClick={() => void bench.takeBack()}>
          Take the last back
        </Button>
        <Button disabled={!done} onClick={() => void bench.beginAnew()}>
          Begin anew
        </Button>
      </div>
      {done ? (
        <ol aria-label="Steps, newest last">
          {steps.map((step, i) => {
            const outcome = whole?.steps[i];
            return (
              <li key={i}>
                <button
                  type="button"
                  aria-current={i === at ? 'step' : undefined}
                  onClick={() => void bench.lookAt(i)}
                >
                  <span>{i + 1}</span>
                  <span>{stepWords(step)}</span>
                  <span>{outcome === undefined ? '' : outcomeWords(outcome)}</span>
                </button>
              </li>
            );
          })}
        </ol>
      ) : (
        <p className={styles.hint}>Nothing was piped in yet.</p>
      )}
    </section>
  );
}
