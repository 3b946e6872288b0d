import {
  accountBytes,
  peekPartition,
  updateLoadStats,
} from '../../../client/producer/sticky-partitioner.ts';
import {
  newStickyPartitioner,
  type LoadTable,
  type PartitionLeaders,
  type StickyPartitioner,
} from '../../../client/producer/sticky-state.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { opNameOf, opsOf } from './script.ts';

/** `BuiltInPartitioner`: where records without a key go. */
export const stickyPartitionerAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'batchSize', 'rackAware', 'rack', 'partitions', 'ops'], 'given');
    const rack = given.rackAware === true ? textOf(given.rack, 'rack') : null;
    const partitioner = newStickyPartitioner(numberOf(given.batchSize, 'batchSize'), rack);
    const leaders = leadersOf(given);
    const results = opsOf(given).map((op) => apply(partitioner, leaders, op));
    comparison.compare(results, expect.results, 'results');
  },
};

function leadersOf(given: JsonObject): PartitionLeaders {
  const partitions = listOf(given.partitions, 'partitions').map((item) => objectOf(item, 'partition'));
  return {
    leaders: partitions.map(({ leader }) => (leader === null ? -1 : numberOf(leader, 'leader'))),
    leaderRacks: partitions.map(({ leaderRack }) => (typeof leaderRack === 'string' ? leaderRack : null)),
  };
}

function apply(partitioner: StickyPartitioner, leaders: PartitionLeaders, op: JsonObject): Json {
  const draw = (): number => numberOf(op.draw, 'draw');
  switch (opNameOf(op)) {
    case 'peek':
      return { partition: peekPartition(partitioner, leaders, draw) };
    case 'append': {
      const partition = peekPartition(partitioner, leaders, draw);
      const grown = { bytes: numberOf(op.bytes, 'bytes'), enableSwitch: op.enableSwitch === true };
      const switched = accountBytes(partitioner, leaders, grown, draw);
      return { partition, switched, next: partitioner.current };
    }
    case 'loadStats':
      return loadStats(partitioner, op);
    default:
      throw new UnsupportedError(`op "${opNameOf(op)}" of sticky-partitioner`);
  }
}

function loadStats(partitioner: StickyPartitioner, op: JsonObject): Json {
  onlyFields(op, ['op', 'queueSizes', 'partitionIds', 'length', 'leaderRacks'], 'loadStats');
  if (op.queueSizes === null) updateLoadStats(partitioner, null);
  else
    updateLoadStats(partitioner, {
      queueSizes: numbers(op.queueSizes),
      partitionIds: numbers(op.partitionIds),
      length: numberOf(op.length, 'length'),
      leaderRacks: racksOf(op),
    });
  const stats = partitioner.loadStats;
  if (stats === null) return { stats: null };
  const inThisRack = stats.inThisRack === null ? null : tableJson(stats.inThisRack);
  return { stats: { total: tableJson(stats.total), inThisRack } };
}

const numbers = (list: Json | undefined): number[] => listOf(list, 'list').map((item) => numberOf(item, 'number'));

const racksOf = ({ leaderRacks }: JsonObject): (string | null)[] =>
  leaderRacks === undefined || leaderRacks === null
    ? []
    : listOf(leaderRacks, 'leaderRacks').map((rack) => (typeof rack === 'string' ? rack : null));

const tableJson = ({ cumulative, partitionIds }: LoadTable): Json => ({ cumulative, partitionIds });
