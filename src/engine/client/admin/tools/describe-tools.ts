import type { Describe } from '../../../api/admin-act.ts';
import { NONE } from '../../../protocol/errors.ts';
import { describeTopic, listTopics } from './describe-topics.ts';
import { describeGroupOffsets } from './describe-group-offsets.ts';
import { describeShareGroupOffsets } from './share-group-tools.ts';
import { describeLogDirs } from './log-dir-tools.ts';
import {
  answersOf,
  ANY,
  ask,
  done,
  failed,
  firstOf,
  table,
  type Answer,
  type Question,
  type Told,
} from './tool.ts';
import { describeProducers, describeTransaction } from './describe-transactions.ts';

/** What the tools list and describe. Nothing is changed by it. */
export function describe({ what, name = '' }: Describe, told: Told): Question | Answer {
  switch (what) {
    case 'topics':
      return listTopics(told);
    case 'topic':
      return describeTopic(name, told);
    case 'groups':
      return listGroups(told);
    case 'group':
      return describeGroupOffsets(name, told);
    case 'share-groups':
      return listGroups(told, ['share']);
    case 'share-group':
      return describeShareGroupOffsets(name, told);
    case 'transactions':
      return listTransactions(told);
    case 'transaction':
      return describeTransaction(name, told);
    case 'producers':
      return describeProducers(name, told);
    case 'reassignments':
      return listReassignments(told);
    case 'log-dirs':
      return describeLogDirs(told);
    case 'quorum':
      return describeQuorum(told);
  }
}

/** `kafka-consumer-groups --list --state`, `kafka-share-groups --list --state`: every broker lists those that it coordinates. */
function listGroups(told: Told, typesFilter: readonly string[] = []): Question | Answer {
  const answers = answersOf(told, 'ListGroups');
  const broker = told.brokers[answers.length];
  if (broker !== undefined)
    return ask({ to: 'broker', id: broker }, 'ListGroups', { statesFilter: [], typesFilter });
  const rows = answers
    .flatMap(({ groups }) => groups)
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
    .map(({ groupId, groupType, groupState }) => [groupId, groupType, groupState]);
  return done(`Groups: ${rows.length}.`, table(['Group', 'Type', 'State'], rows));
}

/** `kafka-transactions list`. */
function listTransactions(told: Told): Question | Answer {
  const answers = answersOf(told, 'ListTransactions');
  const broker = told.brokers[answers.length];
  if (broker !== undefined)
    return ask({ to: 'broker', id: broker }, 'ListTransactions', {
      stateFilters: [],
      producerIdFilters: [],
      durationFilter: -1,
      transactionalIdPattern: null,
    });
  const rows = answers.flatMap(({ transactionStates }, i) =>
    transactionStates.map((one) => [
      one.transactionalId,
      `${told.brokers[i]}`,
      `${one.producerId}`,
      one.transactionState,
    ]),
  );
  const heads = ['Transactional id', 'Coordinator', 'Producer', 'State'];
  return done(`Transactional ids that coordinators know: ${rows.length}.`, table(heads, rows));
}

const TIMEOUT_MS = 30_000;

/** `kafka-reassign-partitions --list`. */
function listReassignments(told: Told): Question | Answer {
  const answer = firstOf(told, 'ListPartitionReassignments');
  if (answer === undefined)
    return ask(ANY, 'ListPartitionReassignments', { timeoutMs: TIMEOUT_MS, topics: null });
  if (answer.errorCode !== NONE) return failed(answer.errorCode, answer.errorMessage);
  const rows = answer.topics.flatMap(({ name, partitions }) =>
    partitions.map((one) => [
      `${name}-${one.partitionIndex}`,
      one.replicas.join(', '),
      one.addingReplicas.join(', '),
      one.removingReplicas.join(', '),
    ]),
  );
  return rows.length === 0
    ? done('No partition is being reassigned.')
    : done(
        `Partitions that are being reassigned: ${rows.length}.`,
        table(['Partition', 'Replicas', 'Adding', 'Removing'], rows),
      );
}

/** `kafka-metadata-quorum describe --replication`. */
function describeQuorum(told: Told): Question | Answer {
  const answer = firstOf(told, 'DescribeQuorum');
  if (answer === undefined) {
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
    return ask(ANY, 'DescribeQuorum', { topics });
  }
  const quorum = answer.topics[0]?.partitions[0];
  if (answer.errorCode !== NONE || quorum === undefined) return failed(answer.errorCode, answer.errorMessage);
  if (quorum.errorCode !== NONE) return failed(quorum.errorCode, quorum.errorMessage);
  const voters = new Set(quorum.currentVoters.map(({ replicaId }) => replicaId));
  const end = quorum.currentVoters.find(({ replicaId }) => replicaId === quorum.leaderId)?.logEndOffset ?? 0;
  const rows = [...quorum.currentVoters, ...quorum.observers].map(({ replicaId, logEndOffset }) => [
    `${replicaId}`,
    replicaId === quorum.leaderId ? 'Leader' : voters.has(replicaId) ? 'Follower' : 'Observer',
    `${logEndOffset}`,
    `${end - logEndOffset}`,
  ]);
  return done(
    `Controller ${quorum.leaderId} leads the quorum in epoch ${quorum.leaderEpoch}.`,
    table(['Node', 'Status', 'Log end offset', 'Lag'], rows),
  );
}
