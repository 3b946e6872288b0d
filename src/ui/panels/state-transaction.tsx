import type { RecordsDetail } from '../../engine/api/detail.ts';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import type { TransactionEntity } from '../../engine/api/entities/producer.ts';
import { brokerNode } from '../../engine/api/ids.ts';
import { useReadableRun } from '../state/binding.ts';
import { detailKey } from '../state/run-model.ts';
import { brokerName } from '../view-model/caption.ts';
import { count, moment, seconds } from '../view-model/number-format.ts';
import { transactionLines, transactionState } from '../view-model/transaction-table.ts';
import { EntityLink } from './entity-link.tsx';
import { Facts, Readings } from './facts.tsx';
import tables from './tables.module.css';
import { useNames } from './use-names.ts';

/** A transactional id as its coordinator has it. */
export function TransactionState({ transaction }: { readonly transaction: TransactionEntity }) {
  const at = useReadableRun((state) => state.model.at);
  const entities = useReadableRun((state) => state.model.entities);
  const names = useNames();
  const { coordinator, startedAt, timeoutMs, partitions } = transaction;
  const users = [...entities.values()].flatMap((entity) => {
    if (entity.kind === 'node' && entity.transactionalIds?.includes(transaction.name) === true)
      return [entity.id];
    return entity.kind === 'producer' && entity.transactions?.transactionalId === transaction.name
      ? [entity.node]
      : [];
  });
  return (
    <>
      <Readings
        readings={[
          { value: count(transaction.producerEpoch), name: 'producer epoch' },
          { value: count(partitions.length), name: 'partitions without marker' },
          { value: startedAt < 0 ? '–' : seconds((at - startedAt) / 1000), name: 'open for' },
        ]}
      />
      <Facts
        facts={[
          { name: 'state', value: `${transaction.state}: ${transactionState(transaction.state)}` },
          { name: 'producer id', value: count(transaction.producerId) },
          { name: 'begun at', value: startedAt < 0 ? 'none under way' : moment(startedAt) },
          { name: 'transaction.timeout.ms', value: count(timeoutMs), machine: true },
          {
            name: 'partitions',
            value:
              partitions.length === 0
                ? 'none'
                : partitions.map((name, i) => (
                    <span key={name}>
                      {i > 0 ? ', ' : ''}
                      <EntityLink id={`partition:${name}`}>{name}</EntityLink>
                    </span>
                  )),
          },
          {
            name: 'coordinator',
            value: <EntityLink id={brokerNode(coordinator)}>{brokerName(coordinator)}</EntityLink>,
          },
          {
            name: 'used by',
            value:
              users.length === 0
                ? 'nobody that is up'
                : users.map((node) => (
                    <EntityLink key={node} id={node}>
                      {names.node(node)}
                    </EntityLink>
                  )),
          },
        ]}
      />
    </>
  );
}

/** What became of the transactions in a partition's log. */
export function PartitionTransactions({ partition }: { readonly partition: PartitionEntity }) {
  const entities = useReadableRun((state) => state.model.entities);
  const detail = useReadableRun((state) =>
    state.model.details.get(detailKey({ id: partition.id, what: 'records' })),
  ) as RecordsDetail | undefined;
  const lines = transactionLines(partition, detail ?? null, entities);
  if (lines.length === 0) return null;
  return (
    <table className={tables.table}>
      <caption className={tables.heading}>Transactions in the log, newest first</caption>
      <thead>
        <tr>
          <th scope="col">transactional id</th>
          <th scope="col">offsets</th>
          <th scope="col">marker</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.key}>
            <th scope="row" className={line.undecided ? tables.strong : undefined}>
              {line.id === null ? line.name : <EntityLink id={line.id}>{line.name}</EntityLink>}{' '}
              <span className={tables.below}>{line.state}</span>
            </th>
            <td>{line.offsets}</td>
            <td>{line.marker}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
