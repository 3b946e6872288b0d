import { errorName, NONE } from '../../../protocol/errors.ts';
import type {
  DescribeLogDirsPartition,
  DescribeLogDirsResult,
  DescribeLogDirsTopic,
} from '../../../protocol/describe-log-dirs.ts';
import {
  ANY,
  answersOf,
  ask,
  done,
  firstOf,
  table,
  verdict,
  type Act,
  type Answer,
  type Question,
  type Told,
  type Tool,
} from './tool.ts';

const OF_BROKERS = 1;

/** `kafka-log-dirs --describe`: of all brokers that the cluster knows and does not fence. */
export function describeLogDirs(told: Told): Question | Answer {
  const cluster = firstOf(told, 'DescribeCluster');
  if (cluster === undefined)
    return ask(ANY, 'DescribeCluster', {
      includeClusterAuthorizedOperations: false,
      endpointType: OF_BROKERS,
      includeFencedBrokers: false,
    });
  const brokers = cluster.brokers.map(({ brokerId }) => brokerId).sort((a, b) => a - b);
  const answers = answersOf(told, 'DescribeLogDirs');
  const next = brokers[answers.length];
  if (next !== undefined) return ask({ to: 'broker', id: next }, 'DescribeLogDirs', { topics: null });
  const rows = answers.flatMap(({ results }, i) => results.flatMap((dir) => rowsOf(brokers[i] ?? -1, dir)));
  const heads = ['Broker', 'Directory', 'Partition', 'Bytes', 'Offset lag', 'Future'];
  return done(`Log directories of brokers ${brokers.join(', ')}.`, table(heads, rows));
}

function rowsOf(broker: number, { logDir, errorCode, topics }: DescribeLogDirsResult): string[][] {
  const place = [`${broker}`, logDir];
  if (errorCode !== NONE) return [[...place, errorName(errorCode), '', '', '']];
  const rows = topics.flatMap((topic) =>
    topic.name.startsWith('__') ? [sumOf(topic)] : topic.partitions.map((one) => rowOf(topic.name, one)),
  );
  return rows.length === 0 ? [[...place, 'nothing', '', '', '']] : rows.map((row) => [...place, ...row]);
}

const rowOf = (name: string, one: DescribeLogDirsPartition): string[] => [
  `${name}-${one.partitionIndex}`,
  `${one.partitionSize}`,
  `${one.offsetLag}`,
  one.isFutureKey ? 'yes' : '',
];

/** The system's own topics have so many partitions that each has one row for all. */
function sumOf({ name, partitions }: DescribeLogDirsTopic): string[] {
  const bytes = partitions.reduce((sum, { partitionSize }) => sum + partitionSize, 0);
  const lag = partitions.reduce((most, { offsetLag }) => Math.max(most, offsetLag), 0);
  return [`${name}, ${partitions.length} in all`, `${bytes}`, `${lag}`, ''];
}

/** `kafka-reassign-partitions --execute` with a directory of a broker. */
export const alterReplicaLogDir: Tool<Act<'alter-replica-log-dir'>> = (act, told) => {
  const { topic, partition, broker, path } = act;
  const answer = firstOf(told, 'AlterReplicaLogDirs');
  if (answer === undefined) {
    const dirs = [{ path, topics: [{ name: topic, partitions: [partition] }] }];
    return ask({ to: 'broker', id: broker }, 'AlterReplicaLogDirs', { dirs });
  }
  const what = `Started to move the replica of ${topic}-${partition} on broker ${broker} to ${path}.`;
  return verdict(answer.results[0]?.partitions[0], what);
};
