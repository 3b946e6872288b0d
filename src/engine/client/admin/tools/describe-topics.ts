import { NONE } from '../../../protocol/errors.ts';
import {
  ANY,
  ask,
  done,
  failed,
  firstOf,
  senseless,
  table,
  type Answer,
  type Question,
  type Told,
} from './tool.ts';
import { askFor } from './topic-partitions.ts';

/** `kafka-topics --list`. */
export function listTopics(told: Told): Question | Answer {
  const answer = firstOf(told, 'Metadata');
  if (answer === undefined) return askFor(null);
  const rows = answer.topics
    .map(({ name, partitions }) => [
      name ?? '',
      `${partitions.length}`,
      `${partitions[0]?.replicaNodes.length ?? 0}`,
    ])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return done(`Topics: ${rows.length}.`, table(['Topic', 'Partitions', 'Replication factor'], rows));
}

const PARTITIONS_MAX = 2_000;

/** `kafka-topics --describe`. */
export function describeTopic(name: string, told: Told): Question | Answer {
  const answer = firstOf(told, 'DescribeTopicPartitions');
  if (answer === undefined)
    return ask(ANY, 'DescribeTopicPartitions', {
      topics: [{ name }],
      responsePartitionLimit: PARTITIONS_MAX,
      cursor: null,
    });
  const [topic] = answer.topics;
  if (topic === undefined) return senseless();
  if (topic.errorCode !== NONE) return failed(topic.errorCode, `Topic ${name} does not exist.`);
  const rows = topic.partitions.map((one) => [
    `${one.partitionIndex}`,
    one.leaderId < 0 ? 'none' : `${one.leaderId}`,
    one.replicaNodes.join(', '),
    one.isrNodes.join(', '),
    (one.eligibleLeaderReplicas ?? []).join(', '),
    (one.lastKnownElr ?? []).join(', '),
  ]);
  const heads = ['Partition', 'Leader', 'Replicas', 'In sync', 'Eligible', 'Last known eligible'];
  return done(`Partitions of topic ${name}: ${rows.length}.`, table(heads, rows));
}
