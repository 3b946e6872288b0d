import type { AdminAct } from '../../../api/admin-act.ts';
import { describe } from './describe-tools.ts';
import { electLeaders } from './elect-leaders-tool.ts';
import { deleteGroup, deleteOffsets, removeMembers } from './group-tools.ts';
import { alterReplicaLogDir } from './log-dir-tools.ts';
import { resetOffsets } from './reset-offsets-tool.ts';
import { deleteShareGroup, deleteShareOffsets, resetShareOffsets } from './share-group-tools.ts';
import type { Answer, Question, Told } from './tool.ts';
import {
  createPartitions,
  createTopic,
  deleteRecords,
  deleteTopic,
  reassignPartition,
  unregisterBroker,
  updateFeature,
} from './topic-tools.ts';
import { abortTransaction, findHanging, terminateTransaction } from './transaction-tools.ts';

/** What the tool of an act does next. */
export function nextStep(act: AdminAct, told: Told): Question | Answer {
  switch (act.type) {
    case 'create-topic':
      return createTopic(act, told);
    case 'delete-topic':
      return deleteTopic(act, told);
    case 'create-partitions':
      return createPartitions(act, told);
    case 'delete-records':
      return deleteRecords(act, told);
    case 'elect-leaders':
      return electLeaders(act, told);
    case 'reassign-partition':
      return reassignPartition(act, told);
    case 'alter-replica-log-dir':
      return alterReplicaLogDir(act, told);
    case 'delete-group':
      return deleteGroup(act, told);
    case 'remove-members':
      return removeMembers(act, told);
    case 'reset-offsets':
      return resetOffsets(act, told);
    case 'delete-offsets':
      return deleteOffsets(act, told);
    case 'delete-share-group':
      return deleteShareGroup(act, told);
    case 'reset-share-offsets':
      return resetShareOffsets(act, told);
    case 'delete-share-offsets':
      return deleteShareOffsets(act, told);
    case 'abort-transaction':
      return abortTransaction(act, told);
    case 'find-hanging':
      return findHanging(act, told);
    case 'terminate-transaction':
      return terminateTransaction(act, told);
    case 'update-feature':
      return updateFeature(act, told);
    case 'unregister-broker':
      return unregisterBroker(act, told);
    case 'describe':
      return describe(act, told);
  }
}

const OF_TYPE: Readonly<Record<Exclude<AdminAct['type'], 'describe'>, string>> = {
  'create-topic': 'kafka-topics',
  'delete-topic': 'kafka-topics',
  'create-partitions': 'kafka-topics',
  'delete-records': 'kafka-delete-records',
  'elect-leaders': 'kafka-leader-election',
  'reassign-partition': 'kafka-reassign-partitions',
  'alter-replica-log-dir': 'kafka-reassign-partitions',
  'delete-group': 'kafka-consumer-groups',
  'remove-members': 'kafka-streams-application-reset',
  'reset-offsets': 'kafka-consumer-groups',
  'delete-offsets': 'kafka-consumer-groups',
  'delete-share-group': 'kafka-share-groups',
  'reset-share-offsets': 'kafka-share-groups',
  'delete-share-offsets': 'kafka-share-groups',
  'abort-transaction': 'kafka-transactions',
  'find-hanging': 'kafka-transactions',
  'terminate-transaction': 'kafka-transactions',
  'update-feature': 'kafka-features',
  'unregister-broker': 'kafka-cluster',
};

const OF_DESCRIPTION: Readonly<Record<Extract<AdminAct, { type: 'describe' }>['what'], string>> = {
  topics: 'kafka-topics',
  topic: 'kafka-topics',
  groups: 'kafka-consumer-groups',
  group: 'kafka-consumer-groups',
  'share-groups': 'kafka-share-groups',
  'share-group': 'kafka-share-groups',
  transactions: 'kafka-transactions',
  transaction: 'kafka-transactions',
  producers: 'kafka-transactions',
  reassignments: 'kafka-reassign-partitions',
  'log-dirs': 'kafka-log-dirs',
  quorum: 'kafka-metadata-quorum',
};

/** The tool of Kafka's that does it. */
export const toolName = (act: AdminAct): string =>
  act.type === 'describe' ? OF_DESCRIPTION[act.what] : OF_TYPE[act.type];
