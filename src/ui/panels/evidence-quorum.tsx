import { useMemo } from 'react';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import { useReadableRun } from '../state/binding.ts';
import { brokerName } from '../view-model/caption.ts';
import { count } from '../view-model/number-format.ts';
import { quorumTable } from '../view-model/quorum-table.ts';
import { EntityLink } from './entity-link.tsx';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import tables from './tables.module.css';
import { useNames } from './use-names.ts';

/** Who agrees on the cluster's metadata, how far each machine has it, and which partitions are not whole. */
export function QuorumEvidence() {
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const table = useMemo(() => quorumTable(entities, names), [entities, names]);
  const broken = useMemo(
    () =>
      [...entities.values()].filter(
        (entity): entity is PartitionEntity =>
          entity.kind === 'partition' && entity.isr.length < entity.replicas.length,
      ),
    [entities],
  );
  if (table === null) return <Empty>There are no controllers yet.</Empty>;
  return (
    <div className={styles.columns}>
      <div className={styles.scroll}>
        <h3 className={tables.title}>
          Metadata log <span>{table.sentence}</span>
        </h3>
        <table className={tables.table}>
          <caption className="visually-hidden">Controllers, and brokers that follow them</caption>
          <thead>
            <tr>
              <th scope="col">machine</th>
              <th scope="col" className={tables.left}>
                role
              </th>
              <th scope="col">epoch</th>
              <th scope="col">log end</th>
              <th scope="col">committed</th>
              <th scope="col">behind</th>
            </tr>
          </thead>
          <tbody>
            {table.lines.map((line) => (
              <tr key={line.id}>
                <th scope="row">
                  <EntityLink id={line.id}>{line.name}</EntityLink>
                </th>
                <td className={`${tables.left} ${line.strong ? tables.strong : ''}`}>{line.role}</td>
                <td>{line.epoch}</td>
                <td>{line.end}</td>
                <td>{line.committed}</td>
                <td className={line.behind ? tables.strong : undefined}>{line.lag}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Broken partitions={broken} />
    </div>
  );
}

function Broken({ partitions }: { readonly partitions: readonly PartitionEntity[] }) {
  return (
    <div className={styles.scroll}>
      <h3 className={tables.title}>
        Partitions that lack replicas in sync <span>{count(partitions.length)}</span>
      </h3>
      {partitions.length === 0 ? (
        <Empty>Every replica of every partition is in sync. Crash a broker, and they stand here.</Empty>
      ) : (
        <table className={tables.table}>
          <caption className="visually-hidden">Who may lead them</caption>
          <thead>
            <tr>
              <th scope="col">partition</th>
              <th scope="col">leader</th>
              <th scope="col">in sync</th>
              <th scope="col">eligible (ELR)</th>
              <th scope="col">last known</th>
              <th scope="col">partition epoch</th>
            </tr>
          </thead>
          <tbody>
            {partitions.map(({ id, name, leader, isr, elr = [], lastKnownElr = [], partitionEpoch }) => (
              <tr key={id}>
                <th scope="row">
                  <EntityLink id={id}>{name}</EntityLink>
                </th>
                <td>{leader < 0 ? 'OFFLINE' : brokerName(leader)}</td>
                <td>{brokers(isr)}</td>
                <td className={elr.length === 0 ? undefined : tables.strong}>{brokers(elr)}</td>
                <td>{brokers(lastKnownElr)}</td>
                <td>{count(partitionEpoch)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

const brokers = (ids: readonly number[]): string =>
  ids.length === 0 ? 'none' : ids.map(brokerName).join(' ');
