import { asToday, EXHIBITS, type Exhibit } from '../../lessons/museum/exhibits.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { useApp } from '../state/binding.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import styles from './museum-dialog.module.css';

interface MuseumDialogProps {
  /** Opens the scenario of an exhibit, changed. */
  readonly onOpen: (id: string, change: (scenario: Scenario) => Scenario) => void;
}

/** Flaws that Kafka had or that a configuration brings back: each can be watched as it was, and as it would be today. */
export function MuseumDialog({ onOpen }: MuseumDialogProps) {
  const { layout } = useApp();
  const close = () => layout.setState({ dialog: null });
  const open = (exhibit: Exhibit, today: boolean) => {
    close();
    onOpen(exhibit.id, (scenario) => (today ? asToday(scenario, exhibit) : scenario));
  };
  return (
    <Dialog title="Museum of Kafka’s flaws" wide onClose={close}>
      <p className={styles.lead}>
        Each of these went wrong in real clusters. Watch it as it was, then the same acts on a cluster that is
        set up as one would today.
      </p>
      <ul className={styles.exhibits}>
        {EXHIBITS.map((exhibit) => (
          <li key={exhibit.id}>
            <h3>{exhibit.name}</h3>
            <p className={styles.source}>{exhibit.source}</p>
            <p>
              <b>Then</b> {exhibit.flaw}
            </p>
            <p>
              <b>Today</b> {exhibit.remedy}
            </p>
            <div className={styles.doors}>
              <Button aria-label={`${exhibit.name}, as it was`} onClick={() => open(exhibit, false)}>
                As it was
              </Button>
              <Button
                look="plain"
                aria-label={`${exhibit.name}, as today`}
                onClick={() => open(exhibit, true)}
              >
                As today
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
