import type { CellTransaction, RecordCell, RecordsDetail, ReplicaRecords } from '../../api/detail.ts';
import { brokerNode, type BrokerId } from '../../api/ids.ts';
import type { CutRecord, TraceEventData } from '../../api/trace-event.ts';
import { utf8Decode } from '../../base/bytes.ts';
import { storedPath } from '../../broker/log-directories.ts';
import { recordsIfAny } from '../../log/log-files.ts';
import { offsetAt, timestampAt, type RecordBatch } from '../../protocol/record-batch.ts';
import type { World } from '../world.ts';

/** Newest records shown of each replica. */
const CELLS_MAX = 64;
/** Simulated µs for which what was cut is still shown. */
const CUT_FOR = 5_000_000;
/** Characters of a value that are shown. */
const VALUE_MAX = 400;

/** The newest records on each replica of a partition, also on brokers that are down. */
export function recordsDetail(world: World, id: string): RecordsDetail {
  const name = id.slice('partition:'.length);
  const [topic, partition] = splitName(name);
  const registration = world.image().topics.get(topic)?.partitions[partition];
  return {
    what: 'records',
    id,
    replicas: (registration?.replicas ?? []).map((broker) => ({
      broker,
      ...recordsOn(world, broker, name),
    })),
  };
}

function recordsOn(world: World, broker: BrokerId, name: string): Omit<ReplicaRecords, 'broker'> {
  const cells = cellsOf(world, broker, name);
  const end = (cells.at(-1)?.offset ?? -1) + 1;
  return { cells, cut: cutOf(world, broker, name).filter(({ offset }) => offset >= end) };
}

/** What truncations took from a replica a short while ago, the newest truncation first. */
function cutOf(world: World, broker: BrokerId, name: string): readonly CutRecord[] {
  const { now, trace } = world.kernel.state;
  const node = brokerNode(broker);
  const cut = new Map<number, CutRecord>();
  for (let i = trace.end - 1; i >= trace.start; i--) {
    const { at, node: teller, data } = trace.at(i);
    if (at < now - CUT_FOR) break;
    const told = data as TraceEventData;
    if (told.type !== 'log-truncated' || told.partition !== name || teller !== node) continue;
    for (const record of told.cut) if (!cut.has(record.offset)) cut.set(record.offset, record);
  }
  return [...cut.values()].sort((a, b) => a.offset - b.offset);
}

function splitName(name: string): [string, number] {
  const dash = name.lastIndexOf('-');
  return [name.slice(0, dash), Number(name.slice(dash + 1))];
}

function cellsOf(world: World, broker: BrokerId, name: string): RecordCell[] {
  const { disk } = world.slot(brokerNode(broker));
  const entries = recordsIfAny(disk, storedPath(disk, name))?.entries;
  const cells: RecordCell[] = [];
  if (entries === undefined) return cells;
  const fates = new Map<number, CellTransaction['fate']>();
  for (let i = entries.end - 1; i >= entries.start && cells.length < CELLS_MAX; i--)
    pushNewestFirst(cells, entries.at(i) as RecordBatch, fates);
  return cells.reverse();
}

/** The batch's own part in transactions. `fates` are those of the producers' next older records, by the markers met so far. */
function partIn(
  { producerId, producerEpoch, control, isTransactional }: RecordBatch,
  fates: Map<number, CellTransaction['fate']>,
): Pick<RecordCell, 'transaction' | 'marker'> | undefined {
  if (control !== undefined) fates.set(producerId, control.type === 'COMMIT' ? 'committed' : 'aborted');
  else if (!isTransactional) return undefined;
  const transaction = { producerId, producerEpoch, fate: fates.get(producerId) ?? 'open' };
  return control === undefined ? { transaction } : { transaction, marker: control.type };
}

function pushNewestFirst(
  cells: RecordCell[],
  batch: RecordBatch,
  fates: Map<number, CellTransaction['fate']>,
): void {
  const { records, control } = batch;
  const part = partIn(batch, fates);
  for (let i = records.count - 1; i >= 0 && cells.length < CELLS_MAX; i--) {
    const key = records.keys[i] ?? null;
    cells.push({
      offset: offsetAt(batch, i),
      key: key === null || control !== undefined ? null : utf8Decode(key),
      value: control === undefined ? utf8Decode(records.values[i] ?? '').slice(0, VALUE_MAX) : '',
      timestamp: timestampAt(batch, i),
      leaderEpoch: batch.partitionLeaderEpoch,
      ...part,
    });
  }
}
