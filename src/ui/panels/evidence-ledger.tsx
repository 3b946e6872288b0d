import type { Ledger } from '../../engine/api/frame.ts';
import { useReadableRun } from '../state/binding.ts';
import { count, plural } from '../view-model/number-format.ts';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import tables from './tables.module.css';
import { useCounts, waitingOf } from './top-bar.tsx';

/** What became of every record that was asked for, as an outsider counts. A sentence first, the numbers second. */
export function LedgerEvidence() {
  const ledger = useReadableRun((state) => {
    const cluster = state.model.entities.get('cluster');
    return cluster?.kind === 'cluster' ? cluster.ledger : null;
  });
  const counts = useCounts();
  if (ledger === null || ledger.asked === 0)
    return <Empty>Nothing was asked yet. Play, and every record is counted here.</Empty>;
  const waiting = waitingOf(ledger, counts);
  return (
    <div className={styles.columns}>
      <div>
        <p className={styles.verdict}>{verdict(ledger, waiting)}</p>
        <table className={tables.table}>
          <caption className="visually-hidden">Ledger</caption>
          <tbody>
            {rowsOf(ledger, waiting).map(({ name, value, note, harm }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={harm ? tables.bad : undefined}>{value}</td>
                <td className={tables.left}>
                  <span className={tables.note}>{note}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function verdict(ledger: Ledger, waiting: number): string {
  const harms = [
    ledger.lost > 0 ? `${plural(ledger.lost, 'record')} lost` : '',
    ledger.duplicated > 0 ? `${plural(ledger.duplicated, 'record')} written twice` : '',
  ].filter((harm) => harm !== '');
  const rest = waiting === 0 ? 'Everything is settled.' : `${plural(waiting, 'record')} not settled yet.`;
  return harms.length === 0 ? `None lost, none twice. ${rest}` : `${harms.join(', ')}. ${rest}`;
}

interface LedgerRow {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly harm?: boolean;
}

const rowsOf = (ledger: Ledger, waiting: number): readonly LedgerRow[] => [
  { name: 'asked', value: count(ledger.asked), note: 'records of the tape handed to send()' },
  { name: 'acknowledged', value: count(ledger.acknowledged), note: 'an ack came back' },
  { name: 'failed', value: count(ledger.failed), note: 'a final error came back' },
  {
    name: 'counted',
    value: count(ledger.counted),
    note: 'accounted for by the application’s windows and drops',
  },
  {
    name: 'dropped as late',
    value: count(ledger.droppedLate),
    note: 'came after their window had closed',
  },
  { name: 'not settled', value: count(waiting), note: 'under way; not lost' },
  {
    name: 'lost',
    value: count(ledger.lost),
    note: 'acknowledged, and on no replica that may lead',
    harm: ledger.lost > 0,
  },
  {
    name: 'duplicated',
    value: count(ledger.duplicated),
    note: 'stand more than once in the log',
    harm: ledger.duplicated > 0,
  },
];
