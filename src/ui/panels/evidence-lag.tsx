import { useMemo } from 'react';
import { useReadableRun } from '../state/binding.ts';
import { lagTables, type LagTable } from '../view-model/lag-table.ts';
import { EntityLink } from './entity-link.tsx';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import tables from './tables.module.css';
import { useNames } from './use-names.ts';

/** How far each group is behind, in records and in seconds. */
export function LagEvidence() {
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const groups = useMemo(
    () => lagTables(entities, names).filter((table) => table.rows.length > 0),
    [entities, names],
  );
  if (groups.length === 0)
    return <Empty>No group reads yet. Play, and members join and get their partitions.</Empty>;
  return (
    <div className={styles.columns}>
      {groups.map((table) => (
        <GroupLag key={table.id} table={table} />
      ))}
    </div>
  );
}

function GroupLag({ table }: { readonly table: LagTable }) {
  return (
    <div className={styles.scroll}>
      <h3 className={tables.title}>
        <EntityLink id={table.id}>{table.group}</EntityLink>
        <span>{table.state}</span>
      </h3>
      <table className={tables.table}>
        <caption className="visually-hidden">Lag of {table.group}</caption>
        <thead>
          <tr>
            <th scope="col">partition</th>
            <th scope="col">owner</th>
            <th scope="col">lag</th>
            <th scope="col">oldest</th>
            <th scope="col">a second</th>
            <th scope="col">committed</th>
            <th scope="col">position</th>
            <th scope="col">end</th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <EntityLink id={row.id}>{row.partition}</EntityLink>
              </th>
              <td>{row.owner}</td>
              <td className={row.behind ? tables.strong : undefined}>{row.lag}</td>
              <td>{row.age}</td>
              <td>{row.rate}</td>
              <td>{row.committed}</td>
              <td>{row.position}</td>
              <td>{row.end}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">together</th>
            <td />
            <td>{table.total}</td>
            <td>{table.oldest}</td>
            <td>{table.rate}</td>
            <td colSpan={3} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
