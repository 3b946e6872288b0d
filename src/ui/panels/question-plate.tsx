import { Button } from '../widgets/button.tsx';
import { BrandMark } from '../widgets/icon.tsx';
import { useApp, useRun } from '../state/binding.ts';
import { moment } from '../view-model/number-format.ts';
import styles from './question-plate.module.css';
import { StagePanel } from './stage-panel.tsx';

/** What a person sees first: the scenario at rest, one question, one button. */
export function QuestionPlate() {
  const { actions, layout } = useApp();
  const scenario = useRun((state) => state.scenario);
  const at = useRun((state) => state.model.at);
  if (scenario === null) return null;
  return (
    <div className={styles.plate}>
      <header className={styles.top}>
        <span className={styles.brand}>
          <BrandMark size={26} />
          Millrace
        </span>
        <span className={styles.scenario}>{scenario.name}</span>
        <a
          href="#lab"
          onClick={(event) => {
            event.preventDefault();
            layout.setState({ place: 'lab' });
          }}
        >
          Open the lab
        </a>
      </header>
      <main className={styles.main} aria-label={scenario.name}>
        <h1 className={styles.question}>{scenario.question}</h1>
        <div className={styles.stage}>
          <StagePanel />
        </div>
        <div className={styles.ask}>
          <p>{invitation(scenario.brokers.length)}</p>
          <Button look="primary" icon="play" onClick={actions.play}>
            Let it run
          </Button>
        </div>
      </main>
      <footer className={styles.foot}>
        <span>A Kafka cluster, simulated to the last event in this tab. Same seed, same run.</span>
        <span>Paused at {moment(at)}</span>
        <span>seed {scenario.seed}</span>
        <span>Kafka 4.x model</span>
      </footer>
    </div>
  );
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

const invitation = (brokers: number): string =>
  `${NUMBERS[brokers] ?? brokers} brokers, at rest. Let it run, then crash one and watch.`;
