import { useMemo } from 'react';
import type { ApplicationEntity } from '../../engine/api/frame.ts';
import { useReadableRun } from '../state/binding.ts';
import { count, plural } from '../view-model/number-format.ts';
import { windowTable, type WindowTable } from '../view-model/window-table.ts';
import { EntityLink } from './entity-link.tsx';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import tables from './tables.module.css';
import windows from './evidence-windows.module.css';
import { WindowForm } from './window-form.tsx';

/** Open, in-grace and closed windows with their counts, and what came too late. */
export function WindowsEvidence() {
  const entities = useReadableRun((state) => state.model.entities);
  const found = useMemo(
    () =>
      [...entities.values()]
        .filter((entity): entity is ApplicationEntity => entity.kind === 'application')
        .map(windowTable)
        .filter((table) => table !== null),
    [entities],
  );
  if (found.length === 0)
    return (
      <Empty>
        No application counts in windows here. Windows appear when a topology has a windowed count.
      </Empty>
    );
  return (
    <div className={styles.columns}>
      {found.map((table) => (
        <ApplicationWindows key={table.application} table={table} />
      ))}
    </div>
  );
}

function ApplicationWindows({ table }: { readonly table: WindowTable }) {
  return (
    <div>
      <h3 className={tables.title}>
        <EntityLink id={`application:${table.application}`}>{table.application}</EntityLink>
        <span>
          {table.rule}; stream time <b className={windows.time}>{table.streamTime}</b>
        </span>
      </h3>
      <p className={windows.sums}>
        {count(table.open)} open, {count(table.inGrace)} in grace, {count(table.closed)} closed.{' '}
        <span className={table.droppedLate > 0 ? tables.bad : undefined}>
          {plural(table.droppedLate, 'late record')} dropped.
        </span>
      </p>
      <WindowForm
        key={`${table.sizeMs}/${table.graceMs}`}
        application={table.application}
        sizeMs={table.sizeMs}
        graceMs={table.graceMs}
      />
      {table.rows.length === 0 ? (
        <Empty>No window is open yet. The first record opens the first.</Empty>
      ) : null}
      <table className={tables.table}>
        <caption className="visually-hidden">Windows of {table.application}, newest first</caption>
        <thead>
          <tr>
            <th scope="col">window, event time</th>
            <th scope="col" className={tables.left}>
              state
            </th>
            <th scope="col">records</th>
            <th scope="col">keys</th>
            <th scope="col">closes</th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.span}</th>
              <td className={tables.left}>
                <span className={windows[row.state]}>{row.words}</span>
              </td>
              <td>{row.count}</td>
              <td>{row.keys}</td>
              <td className={tables.note}>{row.until}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {table.hidden > 0 ? (
        <p className={windows.sums}>{plural(table.hidden, 'older window')} not listed.</p>
      ) : null}
    </div>
  );
}
