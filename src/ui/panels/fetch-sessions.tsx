import type { GroupEntity } from '../../engine/api/entities/group.ts';
import { brokerNode } from '../../engine/api/ids.ts';
import type { Names } from '../view-model/caption.ts';
import { byNode } from '../view-model/member-table.ts';
import { count } from '../view-model/number-format.ts';
import { EntityLink } from './entity-link.tsx';
import tables from './tables.module.css';

interface FetchSessionsProps {
  readonly group: GroupEntity;
  readonly names: Names;
}

/** By which sessions the members fetch (KIP-227), the member's name where its first one stands. */
export function FetchSessions({ group: { members }, names }: FetchSessionsProps) {
  const rows = [...members]
    .sort(byNode)
    .flatMap(({ node, sessions = [] }) =>
      sessions.map((session, i) => ({ ...session, node, first: i === 0 })),
    );
  if (rows.length === 0) return null;
  return (
    <table className={tables.table}>
      <caption className={tables.heading}>Fetch sessions</caption>
      <thead>
        <tr>
          <th scope="col">member</th>
          <th scope="col">broker</th>
          <th scope="col">session</th>
          <th scope="col">epoch</th>
          <th scope="col">partitions</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ node, first, broker, id, epoch, partitions }) => (
          <tr key={`${node} ${broker}`}>
            <th scope="row">
              {first ? <EntityLink id={node}>{names.node(node)}</EntityLink> : null}
              {first ? null : <span className="visually-hidden">{names.node(node)}</span>}
            </th>
            <td>
              <EntityLink id={brokerNode(broker)}>{names.node(brokerNode(broker))}</EntityLink>
            </td>
            <td>{id}</td>
            <td>{count(epoch)}</td>
            <td>{count(partitions)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
