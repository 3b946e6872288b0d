import { useMemo } from 'react';
import { useReadableRun } from '../state/binding.ts';
import { groupFigure } from '../view-model/group-figure.ts';
import { memberTables, type MemberLine, type MemberTable } from '../view-model/member-table.ts';
import { EntityLink } from './entity-link.tsx';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import { GroupFigureTable } from './group-figure.tsx';
import tables from './tables.module.css';
import { useNames } from './use-names.ts';

/** What each coordinator believes of its group: epochs, and who has, was given, gives up and waits for what; drawn, and told. */
export function GroupsEvidence() {
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const groups = useMemo(() => memberTables(entities, names), [entities, names]);
  if (groups.length === 0) return <Empty>This scenario has no groups.</Empty>;
  return (
    <div className={styles.stack}>
      {groups.map((group) => (
        <Members key={group.id} group={group} />
      ))}
    </div>
  );
}

function Members({ group }: { readonly group: MemberTable }) {
  return (
    <div>
      <h3 className={tables.title}>
        <EntityLink id={group.id}>{group.group}</EntityLink>
        <span>
          {group.state}
          {group.protocol}
        </span>
      </h3>
      {group.lines.length === 0 ? (
        <Empty>Its coordinator tells of no members. They stand here once they have joined.</Empty>
      ) : (
        <div className={styles.beside}>
          <Figure group={group} />
          <div className={styles.scroll}>
            <MembersTable group={group} />
          </div>
        </div>
      )}
    </div>
  );
}

function Figure({ group }: { readonly group: MemberTable }) {
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const entity = entities.get(group.id);
  const figure = entity?.kind === 'group' ? groupFigure(entity, entities, names) : null;
  return figure === null ? null : <GroupFigureTable group={group.group} figure={figure} withLag />;
}

const MembersTable = ({ group }: { readonly group: MemberTable }) => (
  <table className={`${tables.table} ${tables.narrow}`}>
    <caption className="visually-hidden">Members of {group.group}</caption>
    <thead>
      <tr>
        <th scope="col">member</th>
        <th scope="col">{group.epochWord}</th>
        <th scope="col">{group.ownWord}</th>
        <th scope="col">assigned</th>
        <th scope="col">to give up</th>
        <th scope="col">to come</th>
        <th scope="col" className={tables.wide}>
          next step
        </th>
      </tr>
    </thead>
    <tbody>
      {group.lines.map((line) => (
        <MemberRow key={line.key} line={line} />
      ))}
    </tbody>
  </table>
);

const MemberRow = ({ line }: { readonly line: MemberLine }) => (
  <tr>
    <th scope="row">
      <EntityLink id={line.node}>{line.name}</EntityLink>
      <span className={tables.onPhone}>{line.next}</span>
    </th>
    <td className={line.behind ? tables.strong : undefined}>{line.epoch}</td>
    <td>{line.owned}</td>
    <td>{line.assigned}</td>
    <td className={line.giving === 'none' ? undefined : tables.strong}>{line.giving}</td>
    <td className={line.coming === 'none' ? undefined : tables.strong}>{line.coming}</td>
    <td className={tables.wide}>{line.next}</td>
  </tr>
);
