import { useMemo, useState } from 'react';
import { useReadableRun } from '../state/binding.ts';
import { partitionLines, type PartitionLine } from '../view-model/replica-table.ts';
import { EntityLink } from './entity-link.tsx';
import styles from './evidence.module.css';
import { Empty } from './facts.tsx';
import tables from './tables.module.css';

/** Every replica of every partition: log start, high watermark, log end; leader, epoch and ISR. */
export function PartitionsEvidence() {
  const entities = useReadableRun((state) => state.model.entities);
  const lines = useMemo(() => partitionLines(entities), [entities]);
  const topics = useMemo(() => [...new Set(lines.map(({ name }) => name.replace(/-\d+$/, '')))], [lines]);
  const [chosen, setTopic] = useState('');
  const topic = topics.includes(chosen) ? chosen : (topics[0] ?? '');
  if (lines.length === 0)
    return <Empty>There are no partitions yet. Topics are created as the run begins.</Empty>;
  const shown = lines.filter(({ name }) => name.replace(/-\d+$/, '') === topic);
  return (
    <>
      <div className={styles.filter}>
        <label>
          topic
          <select value={topic} onChange={(event) => setTopic(event.target.value)}>
            {topics.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.narrow}`}>
          <caption className="visually-hidden">Replicas of {topic}</caption>
          <thead>
            <tr>
              <th scope="col">partition</th>
              <th scope="col">leader</th>
              <th scope="col">epoch</th>
              <th scope="col">in sync</th>
              <th scope="col" className={`${tables.left} ${tables.apart}`}>
                replica
              </th>
              <th scope="col">log start</th>
              <th scope="col">high watermark</th>
              <th scope="col">log end</th>
              <th scope="col">behind</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <Rows key={line.id} line={line} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Rows({ line }: { readonly line: PartitionLine }) {
  const span = line.replicas.length;
  return line.replicas.map((replica, index) => (
    <tr key={replica.broker}>
      {index > 0 ? null : (
        <>
          <th scope="rowgroup" rowSpan={span}>
            <EntityLink id={line.id}>{line.name}</EntityLink>
          </th>
          <td rowSpan={span}>{line.leader}</td>
          <td rowSpan={span}>{line.epoch}</td>
          <td rowSpan={span} className={line.whole ? undefined : tables.strong}>
            {line.isr}
          </td>
        </>
      )}
      <td className={`${tables.left} ${tables.apart} ${replica.role === 'leader' ? tables.strong : ''}`}>
        {replica.broker}{' '}
        <span className={tables.note}>{replica.inSync ? replica.role : `${replica.role}, out`}</span>
      </td>
      <td>{replica.logStart}</td>
      <td>{replica.highWatermark}</td>
      <td>{replica.logEnd}</td>
      <td>{replica.behind}</td>
    </tr>
  ));
}
