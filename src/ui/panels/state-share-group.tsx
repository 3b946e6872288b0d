import type { SharePartitionState } from '../../engine/api/entities/group.ts';
import { useReadableRun } from '../state/binding.ts';
import type { Names } from '../view-model/caption.ts';
import { shareTable, type ShareRow } from '../view-model/share-table.ts';
import { EntityLink } from './entity-link.tsx';
import tables from './tables.module.css';

interface ShareProps {
  readonly partitions: readonly SharePartitionState[];
  readonly names: Names;
}

/** Where a share group stands in each partition, and who has what of it. */
export function ShareState({ partitions, names }: ShareProps) {
  const at = useReadableRun((state) => state.model.at);
  const rows = shareTable(partitions, at, names);
  return (
    <>
      <table className={tables.table}>
        <caption className={tables.heading}>Share partitions</caption>
        <thead>
          <tr>
            <th scope="col">partition</th>
            <th scope="col">SPSO</th>
            <th scope="col">SPEO</th>
            <th scope="col">acquired</th>
            <th scope="col">wait again</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <EntityLink id={row.id}>{row.partition}</EntityLink>
              </th>
              <td>{row.start}</td>
              <td>{row.end}</td>
              <td>{row.acquired}</td>
              <td>{row.available}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows
        .filter(({ runs }) => runs.length > 0)
        .map((row) => (
          <InFlight key={row.id} row={row} />
        ))}
    </>
  );
}

function InFlight({ row }: { readonly row: ShareRow }) {
  return (
    <table className={tables.table}>
      <caption className={tables.heading}>
        In flight in {row.partition} {row.more}
      </caption>
      <thead>
        <tr>
          <th scope="col">offsets</th>
          <th scope="col">state</th>
          <th scope="col">with</th>
          <th scope="col">deliveries</th>
          <th scope="col">lock</th>
        </tr>
      </thead>
      <tbody>
        {row.runs.map((run) => (
          <tr key={run.key}>
            <th scope="row">{run.offsets}</th>
            <td>{run.state}</td>
            <td>{run.node === '' ? run.member : <EntityLink id={run.node}>{run.member}</EntityLink>}</td>
            <td>{run.deliveries}</td>
            <td>{run.lock}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
