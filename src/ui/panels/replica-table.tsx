import type { PartitionLine, ReplicaLine } from '../view-model/replica-table.ts';
import tables from './tables.module.css';

/** The replicas of one partition: how far each log reaches. */
export function ReplicaTable({ line }: { readonly line: PartitionLine }) {
  return (
    <table className={tables.table}>
      <caption className="visually-hidden">Replicas of {line.name}</caption>
      <thead>
        <tr>
          <th scope="col">replica</th>
          <th scope="col">start</th>
          <th scope="col">HW</th>
          <th scope="col">end</th>
          <th scope="col">behind</th>
        </tr>
      </thead>
      <tbody>
        {line.replicas.map((replica) => (
          <tr key={replica.broker}>
            <th scope="row" className={replica.role === 'leader' ? tables.strong : undefined}>
              {replica.broker} <span className={tables.note}>{noteOf(replica)}</span>
            </th>
            <td>{replica.logStart}</td>
            <td>{replica.highWatermark}</td>
            <td>{replica.logEnd}</td>
            <td>{replica.behind}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const noteOf = ({ role, inSync, throttled }: ReplicaLine): string =>
  [role, ...(inSync ? [] : ['out']), ...(throttled ? ['throttled'] : [])].join(', ');
