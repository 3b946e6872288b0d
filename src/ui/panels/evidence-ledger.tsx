import { useMemo } from 'react';
import type { Ledger } from '../../engine/api/frame.ts';
import { useReadableRun } from '../state/binding.ts';
import { groupWork, type GroupWork } from '../view-model/group-work.ts';
import { accountOf, termsOf, verdictOf, type Account } from '../view-model/ledger-account.ts';
import { count } from '../view-model/number-format.ts';
import { placesNow, type Place } from '../view-model/places-now.ts';
import { EntityLink } from './entity-link.tsx';
import styles from './evidence-ledger.module.css';
import { Empty } from './facts.tsx';
import tables from './tables.module.css';
import { useCounts } from './top-bar.tsx';
import { useNames } from './use-names.ts';

/** What became of every record that was asked for, as an outsider counts. A sentence first, the numbers second. */
export function LedgerEvidence() {
  const ledger = useReadableRun((state) => {
    const cluster = state.model.entities.get('cluster');
    return cluster?.kind === 'cluster' ? cluster.ledger : null;
  });
  const counts = useCounts();
  if (ledger === null || ledger.asked === 0)
    return <Empty>Nothing was asked yet. Play, and every record is counted here.</Empty>;
  const account = accountOf(ledger, counts);
  const { harm, rest } = verdictOf(ledger, account);
  return (
    <div className={styles.ledger}>
      <div>
        <p className={styles.verdict}>
          {harm === '' ? null : <b>{harm} </b>}
          {rest}
        </p>
        <GroupHarms />
        <Sum account={account} counts={counts} />
        <Rows ledger={ledger} account={account} counts={counts} />
      </div>
      <div>
        <Places />
        <GroupsWork />
      </div>
    </div>
  );
}

function useGroupWork(): readonly GroupWork[] {
  const entities = useReadableRun((state) => state.model.entities);
  return useMemo(() => groupWork(entities), [entities]);
}

/** What a group did wrong belongs to the verdict: a record that was kept and never processed is no use. */
const GroupHarms = () =>
  useGroupWork()
    .filter(({ harm }) => harm !== '')
    .map(({ id, harm }) => (
      <p key={id} className={styles.verdict}>
        <b>{harm}</b>
      </p>
    ));

/** What groups say that they have done, record by record, as an outsider counts. */
function GroupsWork() {
  const groups = useGroupWork();
  if (groups.length === 0) return null;
  return (
    <table className={tables.table}>
      <caption className={styles.caption}>What groups did with the records</caption>
      <thead>
        <tr>
          <th scope="col">group</th>
          <th scope="col">processed</th>
          <th scope="col">repeated</th>
          <th scope="col">disordered</th>
          <th scope="col">never</th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ id, group, processed, repeated, disordered, skipped }) => (
          <tr key={id}>
            <th scope="row">
              <EntityLink id={id}>{group}</EntityLink>
            </th>
            <td>{count(processed)}</td>
            {[repeated, disordered, skipped].map((harm, i) => (
              <td key={i} className={harm > 0 ? tables.bad : undefined}>
                {count(harm)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface SumProps {
  readonly account: Account;
  readonly counts: boolean;
}

/** The parts and the whole: what was asked for is one of these, every record. */
function Sum({ account, counts }: SumProps) {
  return (
    <dl className={styles.sum} aria-label="What became of the records">
      <div>
        <dd>{count(account.asked)}</dd>
        <dt>asked</dt>
      </div>
      {termsOf(account, counts).map(({ name, sign, value, harm }) => (
        <div key={name} className={harm ? styles.harm : undefined} data-sign={sign}>
          <dd>{count(value)}</dd>
          <dt>{name}</dt>
        </div>
      ))}
    </dl>
  );
}

interface RowsProps extends SumProps {
  readonly ledger: Ledger;
}

function Rows(props: RowsProps) {
  return (
    <table className={tables.table}>
      <caption className="visually-hidden">Ledger</caption>
      <tbody>
        {rowsOf(props).map(({ name, value, note, harm }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={harm === true && value > 0 ? tables.bad : undefined}>{count(value)}</td>
            <td className={tables.left}>
              <span className={tables.note}>{note}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface LedgerRow {
  readonly name: string;
  readonly value: number;
  readonly note: string;
  readonly harm?: boolean;
}

function rowsOf({ ledger, account, counts }: RowsProps): readonly LedgerRow[] {
  const ends: LedgerRow[] = [
    { name: 'counted', value: account.settled, note: 'stand in a window of the application' },
    {
      name: 'late, dropped',
      value: account.droppedLate,
      note: 'came after their window had closed for good',
      harm: true,
    },
    {
      name: 'no key, dropped',
      value: account.droppedUnkeyed,
      note: 'have nothing to be counted by; Kafka Streams leaves them out',
    },
  ];
  return [
    { name: 'asked', value: ledger.asked, note: 'records of the tape handed to send()' },
    { name: 'acknowledged', value: ledger.acknowledged, note: 'an ack came back' },
    { name: 'failed', value: ledger.failed, note: 'their producer gave them up' },
    ...(counts ? ends : []),
    { name: 'under way', value: account.waiting, note: 'neither settled nor lost' },
    {
      name: 'lost',
      value: ledger.lost,
      note: 'acknowledged, and on no replica that may lead',
      harm: true,
    },
    { name: 'written twice', value: ledger.duplicated, note: 'stand more than once in the log', harm: true },
  ];
}

/** Where records stand in line, in the order of their way. */
function Places() {
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const { before, after } = useMemo(() => placesNow(entities, names), [entities, names]);
  return (
    <div>
      <PlacesTable title="Where records wait now" places={before} />
      {after.length === 0 ? null : <PlacesTable title="What readers have still to read" places={after} />}
    </div>
  );
}

function PlacesTable({ title, places }: { readonly title: string; readonly places: readonly Place[] }) {
  return (
    <table className={tables.table}>
      <caption className={styles.caption}>{title}</caption>
      <tbody>
        {places.map(({ id, name, value, note }) => (
          <tr key={`${id} ${note}`}>
            <th scope="row">
              <EntityLink id={id}>{name}</EntityLink>
            </th>
            <td className={value > 0 ? tables.strong : undefined}>{count(value)}</td>
            <td className={tables.left}>
              <span className={tables.note}>{note}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
