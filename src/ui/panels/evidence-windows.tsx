import { Fragment, useMemo } from 'react';
import type { ApplicationEntity } from '../../engine/api/entities/application.ts';
import { useReadableRun } from '../state/binding.ts';
import { count, plural } from '../view-model/number-format.ts';
import { taskClocks, windowTable, type WindowTable } from '../view-model/window-table.ts';
import { Icon } from '../widgets/icon.tsx';
import { EntityLink } from './entity-link.tsx';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import tables from './tables.module.css';
import windows from './evidence-windows.module.css';
import { useNames } from './use-names.ts';
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
        <Fragment key={table.application}>
          <ApplicationWindows table={table} />
          <Clocks application={table.application} />
        </Fragment>
      ))}
    </div>
  );
}

/** A clock that operators believe in has its own colour, and a sign for those who do not see it. */
const StreamTime = ({ children }: { readonly children: string }) => (
  <b className={windows.time}>
    {children}
    <Icon name="stream" size={13} />
  </b>
);

/** Stream time is each task's own: a window closes there when that task has seen later records. */
function Clocks({ application }: { readonly application: string }) {
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const clocks = useMemo(() => taskClocks(entities, application, names), [entities, application, names]);
  return (
    <div className={styles.scroll}>
      <h3 className={tables.title}>
        A clock in each task
        <span>the latest event time that it has seen; it never goes back</span>
      </h3>
      <table className={tables.table}>
        <caption className="visually-hidden">Stream time of the tasks of {application}</caption>
        <thead>
          <tr>
            <th scope="col">task</th>
            <th scope="col">on</th>
            <th scope="col">stream time</th>
            <th scope="col">behind</th>
            <th scope="col">late, dropped</th>
            <th scope="col">store rows</th>
          </tr>
        </thead>
        <tbody>
          {clocks.map((task) => (
            <tr key={task.id}>
              <th scope="row">
                <EntityLink id={task.id}>{task.task}</EntityLink>
              </th>
              <td>{task.instance}</td>
              <td>
                <StreamTime>{task.streamTime}</StreamTime>
              </td>
              <td>{task.behind}</td>
              <td className={task.droppedLate > 0 ? tables.bad : undefined}>{count(task.droppedLate)}</td>
              <td>{task.entries}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ApplicationWindows({ table }: { readonly table: WindowTable }) {
  return (
    <div>
      <h3 className={tables.title}>
        <EntityLink id={`application:${table.application}`}>{table.application}</EntityLink>
        <span>
          {table.rule}; stream time <StreamTime>{table.streamTime}</StreamTime>
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
      <div className={styles.scroll}>
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
      </div>
      {table.hidden > 0 ? (
        <p className={windows.sums}>{plural(table.hidden, 'older window')} not listed.</p>
      ) : null}
    </div>
  );
}
