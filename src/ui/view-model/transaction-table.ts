import type { RecordCell, RecordsDetail } from '../../engine/api/detail.ts';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import type {
  ProducerEntity,
  ProducerTransactions,
  TransactionEntity,
} from '../../engine/api/entities/producer.ts';
import { count, plural } from './number-format.ts';

type Entities = ReadonlyMap<EntityId, Entity>;

const STATES: Readonly<Record<string, string>> = {
  Empty: 'none begun',
  Ongoing: 'open',
  PrepareCommit: 'prepared to commit',
  PrepareAbort: 'prepared to abort',
  CompleteCommit: 'committed',
  CompleteAbort: 'aborted',
};

/** A coordinator's state of a transactional id in words. */
export const transactionState = (state: string): string => STATES[state] ?? state;

/** One transaction's part in a log. */
export interface TransactionSpan {
  readonly producerId: number;
  /** Of its first record that is shown. */
  readonly first: number;
  /** Of its last record that is shown. */
  readonly last: number;
  /** Offset of its marker, −1 without one. */
  readonly marker: number;
  readonly fate: 'open' | 'committed' | 'aborted';
  /** Its beginning may lie before the first cell. */
  readonly torn: boolean;
}

/** The transactions that cells belong to, in order of their first cell. A marker ends one, also if its records are gone. */
export function spansOf(cells: readonly RecordCell[]): readonly TransactionSpan[] {
  const spans: TransactionSpan[] = [];
  const open = new Map<number, number>();
  const ended = new Set<number>();
  for (const { offset, transaction, marker } of cells) {
    if (transaction === undefined) continue;
    const { producerId, fate } = transaction;
    const index = open.get(producerId) ?? spans.length;
    const before = spans[index] ?? {
      producerId,
      first: offset,
      last: offset,
      marker: -1,
      fate,
      torn: !ended.has(producerId) && (cells[0]?.offset ?? 0) > 0,
    };
    spans[index] = marker === undefined ? { ...before, last: offset } : { ...before, marker: offset, fate };
    if (marker === undefined) open.set(producerId, index);
    else {
      open.delete(producerId);
      ended.add(producerId);
    }
  }
  return spans;
}

/** Who stands behind a producer id. */
export interface Writer {
  readonly transaction: TransactionEntity;
  readonly producer: ProducerEntity | undefined;
}

/** The transactional id, or else the producer's number. */
export const writerName = (producerId: number, writer: Writer | undefined): string =>
  writer?.transaction.name ?? `producer id ${producerId}`;

/** Writers by producer id, as far as coordinators know them now. */
export function writersOf(entities: Entities): ReadonlyMap<number, Writer> {
  const writers = new Map<number, Writer>();
  const producers = [...entities.values()].filter((e): e is ProducerEntity => e.kind === 'producer');
  for (const transaction of entities.values())
    if (transaction.kind === 'transaction')
      writers.set(transaction.producerId, {
        transaction,
        producer: producers.find(({ transactions }) => transactions?.transactionalId === transaction.name),
      });
  return writers;
}

/** `prepared to commit` where the coordinator has decided and this log does not know yet. */
export const fateWords = (fate: TransactionSpan['fate'], writer: Writer | undefined): string =>
  fate === 'open' && writer?.transaction.state.startsWith('Prepare') === true
    ? transactionState(writer.transaction.state)
    : fate;

export interface TransactionLine {
  readonly key: string;
  readonly id: EntityId | null;
  /** The transactional id, or else the producer's number. */
  readonly name: string;
  readonly state: string;
  readonly undecided: boolean;
  /** Of its records, `86 to 90`, or `from 121` while it is open. */
  readonly offsets: string;
  readonly marker: string;
}

/** The transactions in the newest part of a partition's log, newest first, as its leader has them. */
export function transactionLines(
  partition: PartitionEntity,
  records: RecordsDetail | null,
  entities: Entities,
): readonly TransactionLine[] {
  const writers = writersOf(entities);
  const cells = records?.replicas.find(({ broker }) => broker === partition.leader)?.cells ?? [];
  const spans = spansOf(cells);
  const seen = new Set(spans.filter(({ fate }) => fate === 'open').map(({ producerId }) => producerId));
  const older = (partition.openTransactions ?? [])
    .filter(({ producerId }) => !seen.has(producerId))
    .map(({ producerId, firstOffset }) => ({ producerId, first: firstOffset, fate: 'open' as const }));
  return [...older.map((open) => ({ ...open, last: open.first, marker: -1, torn: false })), ...spans]
    .map((span) => lineOf(span, writers.get(span.producerId), partition))
    .reverse();
}

function lineOf(
  span: TransactionSpan,
  writer: Writer | undefined,
  partition: PartitionEntity,
): TransactionLine {
  const { producerId, fate, torn } = span;
  const known = partition.openTransactions?.find((open) => fate === 'open' && open.producerId === producerId);
  const first = known?.firstOffset ?? span.first;
  return {
    key: `${producerId}/${first}/${span.marker}`,
    id: writer?.transaction.id ?? null,
    name: writerName(producerId, writer),
    state: fateWords(fate, writer),
    undecided: fate === 'open',
    offsets:
      fate === 'open'
        ? `from ${count(first)}`
        : `${torn && known === undefined ? '…' : count(first)} to ${count(span.last)}`,
    marker: span.marker < 0 ? 'none yet' : count(span.marker),
  };
}

/** What a transactional producer does now, in words. */
export function producerPhase(transactions: ProducerTransactions): string {
  switch (transactions.phase) {
    case 'starting':
      return 'waits for its producer id';
    case 'ready':
      return 'none open';
    case 'open':
      return `open, ${plural(transactions.rows, 'row')}`;
    case 'flushing':
      return `to be aborted, ${plural(transactions.rows, 'row')}`;
    case 'committing':
      return 'commit asked';
    case 'aborting':
      return 'abort asked';
    case 'ended':
      return 'fenced off or failed';
  }
}
