import { useMemo } from 'react';
import { useReadableRun } from '../../state/binding.ts';
import { clock } from '../../view-model/caption.ts';
import { count } from '../../view-model/number-format.ts';
import { tasksOf } from '../../view-model/topology/words.ts';
import { EntityLink } from '../entity-link.tsx';
import tables from '../tables.module.css';
import { useNames } from '../use-names.ts';
import styles from './bench.module.css';

/** The tasks of the sub-topologies: which instance has each, and how far it is. */
export function TaskTable({ application }: { readonly application: string }) {
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const tasks = useMemo(() => tasksOf(entities, application), [entities, application]);
  if (tasks.length === 0)
    return <p className={styles.hint}>There are no tasks yet: they come when the topics are there.</p>;
  return (
    <div className={styles.scroll} role="group" aria-label={`Tasks of ${application}`} tabIndex={0}>
      <table className={tables.table}>
        <caption className="visually-hidden">Tasks of {application}</caption>
        <thead>
          <tr>
            <th scope="col">task</th>
            <th scope="col" className={tables.left}>
              instance
            </th>
            <th scope="col" className={tables.left}>
              state
            </th>
            <th scope="col">waiting</th>
            <th scope="col">processed</th>
            <th scope="col">in stores</th>
            <th scope="col">stream time</th>
            <th scope="col">too late</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.id}>
              <th scope="row">
                <EntityLink id={task.id}>{task.task}</EntityLink>
              </th>
              <td className={tables.left}>
                {task.instance === '' ? (
                  'nobody'
                ) : (
                  <EntityLink id={task.instance}>{names.node(task.instance)}</EntityLink>
                )}
              </td>
              <td className={tables.left}>
                {task.state}
                {task.restoreRemaining > 0 ? `, ${count(task.restoreRemaining)} to restore` : ''}
              </td>
              <td>{count(task.buffered)}</td>
              <td>{count(task.processed)}</td>
              <td>{count(task.storeEntries)}</td>
              <td>{task.streamTime < 0 ? 'none yet' : clock(task.streamTime)}</td>
              <td className={task.droppedLate > 0 ? tables.bad : undefined}>{count(task.droppedLate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
