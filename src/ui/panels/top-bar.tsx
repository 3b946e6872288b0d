import { useStore } from 'zustand';
import type { Ledger } from '../../engine/api/frame.ts';
import type { Scenario, TopologyNode } from '../../engine/api/scenario.ts';
import { Button } from '../widgets/button.tsx';
import { BrandMark, Icon } from '../widgets/icon.tsx';
import { useApp, useLayout, useReadableRun, useRun } from '../state/binding.ts';
import { accountOf, settledName } from '../view-model/ledger-account.ts';
import { count } from '../view-model/number-format.ts';
import { MainMenu, type Doors } from './main-menu.tsx';
import styles from './top-bar.module.css';

/** Names the scenario, says how its ledger stands, and holds what concerns the whole page. */
export function TopBar(doors: Doors) {
  const { actions, layout, undo } = useApp();
  const scenario = useRun((state) => state.scenario);
  const canUndo = useStore(undo, (state) => state.past.length > 0 || state.before !== undefined);
  const canRedo = useStore(undo, (state) => state.future.length > 0 || state.after !== undefined);
  return (
    <header className={styles.bar}>
      <MainMenu {...doors} />
      <span className={styles.brand}>
        <BrandMark />
        Millrace
      </span>
      <h1>
        <span className={styles.place}>Lab</span> {scenario?.name}
      </h1>
      <span className={styles.facts}>
        Kafka 4.x model · {tapeName(scenario)}seed {scenario?.seed}
      </span>
      <span className={styles.grow} />
      <LedgerBadge />
      <div className={styles.tools}>
        <Button icon="undo" bare aria-label="Undo" title="Undo" disabled={!canUndo} onClick={actions.undo} />
        <Button icon="redo" bare aria-label="Redo" title="Redo" disabled={!canRedo} onClick={actions.redo} />
        <Button icon="share" onClick={doors.copyLink}>
          Copy link
        </Button>
        <Button
          icon="help"
          bare
          aria-label="All keys"
          title="All keys"
          onClick={() => layout.setState({ dialog: 'keys' })}
        />
      </div>
    </header>
  );
}

function tapeName(scenario: Scenario | null): string {
  const tape = scenario?.producers[0]?.tape;
  return tape?.origin === 'own' ? `your file ${tape.file} · ` : '';
}

/** The ledger in one line; leads to the whole. */
function LedgerBadge() {
  const { layout } = useApp();
  const ledger = useReadableRun((state) => {
    const cluster = state.model.entities.get('cluster');
    return cluster?.kind === 'cluster' ? cluster.ledger : null;
  });
  const open = useLayout((state) => state.evidence && state.evidenceTab === 'ledger');
  const counts = useCounts();
  if (ledger === null) return null;
  const account = accountOf(ledger, counts);
  const { waiting, droppedLate, droppedUnkeyed } = account;
  const harm = harmOf(ledger, droppedLate);
  return (
    <button
      type="button"
      className={styles.badge}
      aria-label={`Ledger: ${ledgerWords(ledger, waiting)}${droppedLate > 0 ? `, ${count(droppedLate)} too late` : ''}`}
      aria-expanded={open}
      onClick={() => layout.setState({ evidence: !open, evidenceTab: 'ledger', sheet: 'evidence' })}
    >
      <span className={styles.wide}>Ledger</span>
      <span className={styles.middle}>{count(ledger.asked)} asked</span>
      <span className={styles.middle}>
        {count(account.settled)} {settledName(account, counts)}
      </span>
      {droppedUnkeyed === 0 ? null : (
        <span className={styles.middle}>{count(droppedUnkeyed)} without key</span>
      )}
      <b>{count(waiting)} waiting</b>
      {ledger.lost === 0 ? <span className={harm === '' ? styles.middle : styles.wide}>0 lost</span> : null}
      {harm === '' ? null : (
        <b className={styles.harm}>
          <Icon name="bad" size={16} />
          {harm}
        </b>
      )}
    </button>
  );
}

/** Whether an application counts the records in the end. */
export const useCounts = (): boolean =>
  useRun(({ scenario }) => scenario?.applications.some(({ topology }) => topology.some(isCount)) === true);

/** Of these the outsider's ledger knows what they count. */
const isCount = ({ op, as }: TopologyNode): boolean => op === 'count' && as !== undefined;

const harmOf = ({ lost, duplicated }: Ledger, late: number): string =>
  [
    lost > 0 ? `${count(lost)} lost` : '',
    duplicated > 0 ? `${count(duplicated)} duplicated` : '',
    late > 0 ? `${count(late)} too late` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');

const ledgerWords = (ledger: Ledger, waiting: number): string =>
  `${count(ledger.asked)} asked, ${count(ledger.acknowledged)} acknowledged, ${count(waiting)} waiting, ${count(ledger.lost)} lost, ${count(ledger.duplicated)} duplicated`;
