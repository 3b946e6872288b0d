import type { AdminAct } from '../../engine/api/admin-act.ts';

/** Uses of Kafka's tools that change something. */
export type ToolType = Exclude<AdminAct['type'], 'describe'>;

interface ToolWords {
  readonly title: string;
  readonly meaning: string;
  /** On the button. */
  readonly submit: string;
}

/** What each use of a tool is called, and what it means. */
export const TOOL_WORDS: Readonly<Record<ToolType, ToolWords>> = {
  'create-topic': {
    title: 'Create a topic',
    meaning: 'kafka-topics --create: the controller places the replicas and elects leaders.',
    submit: 'Create',
  },
  'delete-topic': {
    title: 'Delete a topic',
    meaning:
      'kafka-topics --delete: its records are gone. Whoever asks for it may make it anew, as another topic.',
    submit: 'Delete',
  },
  'create-partitions': {
    title: 'Create partitions',
    meaning:
      'kafka-topics --alter: keys go to other partitions from now on; what is written stays where it is.',
    submit: 'Create',
  },
  'delete-records': {
    title: 'Delete records',
    meaning:
      'kafka-delete-records: the log begins later. Readers that were not there yet never see what was before.',
    submit: 'Delete',
  },
  'elect-leaders': {
    title: 'Elect a leader',
    meaning:
      'kafka-leader-election: the preferred one is the first replica, if it is in sync. An unclean one may lack what was committed; it is only taken where nobody leads.',
    submit: 'Elect',
  },
  'reassign-partition': {
    title: 'Reassign replicas',
    meaning: 'kafka-reassign-partitions: new replicas copy the log, and when they are in sync the others go.',
    submit: 'Reassign',
  },
  'alter-replica-log-dir': {
    title: 'Move a replica to another directory',
    meaning:
      'kafka-reassign-partitions: the broker copies the log to another of its disks, and then uses the copy.',
    submit: 'Move',
  },
  'delete-group': {
    title: 'Delete a group',
    meaning: 'kafka-consumer-groups --delete: what it has committed is forgotten. It must have no members.',
    submit: 'Delete',
  },
  'remove-members': {
    title: 'Remove all members',
    meaning: 'The coordinator is told that they leave. Those that still run join again.',
    submit: 'Remove',
  },
  'reset-offsets': {
    title: 'Reset offsets',
    meaning:
      'kafka-consumer-groups --reset-offsets: where the group goes on reading. It must have no members.',
    submit: 'Reset',
  },
  'delete-offsets': {
    title: 'Delete offsets',
    meaning:
      'kafka-consumer-groups --delete-offsets: the group begins where auto.offset.reset says. Nobody in it may read the topic.',
    submit: 'Delete',
  },
  'delete-share-group': {
    title: 'Delete a share group',
    meaning: 'kafka-share-groups --delete: where it stood is forgotten. It must have no members.',
    submit: 'Delete',
  },
  'reset-share-offsets': {
    title: 'Reset offsets',
    meaning:
      'kafka-share-groups --reset-offsets: where the group begins anew; what it had in flight is forgotten. It must have no members.',
    submit: 'Reset',
  },
  'delete-share-offsets': {
    title: 'Delete offsets',
    meaning:
      'kafka-share-groups --delete-offsets: the group begins where share.auto.offset.reset says. It must have no members.',
    submit: 'Delete',
  },
  'abort-transaction': {
    title: 'Abort a transaction',
    meaning:
      'kafka-transactions abort: the leader writes the marker that no coordinator will send. For transactions that hang.',
    submit: 'Abort',
  },
  'find-hanging': {
    title: 'Find hanging transactions',
    meaning: 'kafka-transactions find-hanging: those that are open in the log and that no coordinator knows.',
    submit: 'Find',
  },
  'terminate-transaction': {
    title: 'Terminate a transaction',
    meaning:
      'kafka-transactions forceTerminateTransaction: its producer is fenced, and its coordinator aborts what is open.',
    submit: 'Terminate',
  },
  'update-feature': {
    title: 'Change a feature level',
    meaning: 'kafka-features: all brokers and controllers must know the level.',
    submit: 'Change',
  },
  'unregister-broker': {
    title: 'Unregister a broker',
    meaning: 'kafka-cluster unregister: the cluster forgets a broker that will not come back.',
    submit: 'Unregister',
  },
};
