import type { CSSProperties } from 'react';
import type { GroupFigure, MemberColumn, PartitionRow } from '../view-model/group-figure.ts';
import { plural } from '../view-model/number-format.ts';
import { EntityLink } from './entity-link.tsx';
import styles from './group-figure.module.css';

interface GroupFigureProps {
  readonly group: string;
  readonly figure: GroupFigure;
  /** Beside each partition stands what of it is not committed. */
  readonly withLag?: boolean;
}

/** Members beside each other, partitions below each other; a card where a member has, gives up or waits for one. */
export function GroupFigureTable({ group, figure, withLag = false }: GroupFigureProps) {
  const { columns, rows, hidden, sentence } = figure;
  return (
    <figure className={styles.figure}>
      <div className={styles.scroll}>
        <table className={withLag ? styles.wide : styles.slim}>
          <caption className="visually-hidden">Who of {group} has which partition</caption>
          <thead>
            <tr>
              <td />
              {columns.map((column) => (
                <ColumnHead key={column.key} column={column} epochWord={figure.epochWord} />
              ))}
              {withLag ? (
                <th scope="col" className={styles.lagHead}>
                  not committed <span className={styles.note}>read, and to read</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} columns={columns} withLag={withLag} />
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className={styles.sentence}>
        {sentence}
        {hidden > 0
          ? ` ${plural(hidden, 'partition')} in order ${hidden === 1 ? 'is' : 'are'} not drawn.`
          : ''}
      </figcaption>
    </figure>
  );
}

function ColumnHead({ column, epochWord }: { readonly column: MemberColumn; readonly epochWord: string }) {
  return (
    <th scope="col" className={styles.member}>
      <EntityLink id={column.node}>{column.name}</EntityLink>
      <span className={column.behind ? styles.behind : styles.epoch}>
        {epochWord} {column.epoch}
      </span>
      <span className={styles.status}>{column.status}</span>
    </th>
  );
}

interface RowProps {
  readonly row: PartitionRow;
  readonly columns: readonly MemberColumn[];
  readonly withLag: boolean;
}

function Row({ row, columns, withLag }: RowProps) {
  return (
    <tr>
      <th scope="row">
        {row.topic === '' ? null : <span className={styles.topic}>{row.topic}</span>}
        <EntityLink id={row.id}>{row.short}</EntityLink>
      </th>
      {row.cards.map((card, i) => (
        <td key={columns[i]?.key} className={styles.place}>
          {card === 'empty' ? null : <span className={`${styles.card} ${styles[card] ?? ''}`}>{card}</span>}
          {row.way?.from === i ? <Arrow hops={row.way.to - i} /> : null}
        </td>
      ))}
      {withLag ? (
        <td className={row.orphan ? styles.orphan : styles.lag}>
          <span className={styles.read} style={share(row.read)} />
          <span className={styles.wait} style={share(row.wait)} />
          {row.uncommitted}
        </td>
      ) : null}
    </tr>
  );
}

const share = (part: number): CSSProperties => ({ width: `${part * LAG_WIDTH}px` });

/** Of the longest bar, in pixels. */
const LAG_WIDTH = 56;

/** From the card of the owner to that of who waits, over the columns between them. */
const Arrow = ({ hops }: { readonly hops: number }) => (
  <span
    aria-hidden="true"
    className={`${styles.arrow} ${hops < 0 ? styles.left : styles.right}`}
    style={{ '--hops': Math.abs(hops) } as CSSProperties}
  />
);
