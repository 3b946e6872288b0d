import type { AdminAct } from '../../engine/api/admin-act.ts';
import type { Entity } from '../../engine/api/frame.ts';
import type { ToolType } from '../view-model/tool-words.ts';

/** One use of Kafka's tools that fits an entity: a question that is asked at once, or a form. */
export interface ToolChoice {
  readonly label: string;
  readonly act?: AdminAct;
  readonly form?: ToolType;
}

type Described = Extract<AdminAct, { readonly type: 'describe' }>['what'];

const asks = (label: string, what: Described, name?: string): ToolChoice => ({
  label,
  act: { type: 'describe', what, ...(name !== undefined && { name }) },
});

/** What an administrator may do to it, and then what may be asked about it. */
export function toolsFor(entity: Entity): readonly ToolChoice[] {
  switch (entity.kind) {
    case 'node':
      if (entity.role === 'broker')
        return [...OF_CLUSTER, { label: 'Unregister this broker', form: 'unregister-broker' }, ...LISTS];
      return entity.role === 'controller' ? [...OF_CLUSTER, ...LISTS] : [];
    case 'topic':
      return [
        { label: 'Create partitions', form: 'create-partitions' },
        { label: 'Find hanging transactions', form: 'find-hanging' },
        { label: 'Delete the topic', form: 'delete-topic' },
        asks('Describe the topic', 'topic', entity.name),
        asks('Describe its producers', 'producers', entity.name),
      ];
    case 'partition':
      return [
        { label: 'Reassign replicas', form: 'reassign-partition' },
        { label: 'Move to another directory', form: 'alter-replica-log-dir' },
        { label: 'Elect a leader', form: 'elect-leaders' },
        { label: 'Delete records', form: 'delete-records' },
        { label: 'Abort a transaction', form: 'abort-transaction' },
        asks('Describe its topic', 'topic', entity.topic),
        asks('List reassignments', 'reassignments'),
      ];
    case 'group':
      return entity.share === undefined ? ofGroup(entity) : ofShareGroup(entity);
    case 'application':
      return ofGroup(entity);
    case 'transaction':
      return [
        { label: 'Terminate it', form: 'terminate-transaction' },
        asks('Describe it', 'transaction', entity.name),
        asks('List transactions', 'transactions'),
      ];
    default:
      return [];
  }
}

interface Named {
  readonly name: string;
}

const ofGroup = ({ name }: Named): readonly ToolChoice[] => [
  { label: 'Reset offsets', form: 'reset-offsets' },
  { label: 'Delete offsets', form: 'delete-offsets' },
  { label: 'Remove all members', form: 'remove-members' },
  { label: 'Delete the group', form: 'delete-group' },
  asks('Describe the group', 'group', name),
];

const ofShareGroup = ({ name }: Named): readonly ToolChoice[] => [
  { label: 'Reset offsets', form: 'reset-share-offsets' },
  { label: 'Delete offsets', form: 'delete-share-offsets' },
  { label: 'Delete the group', form: 'delete-share-group' },
  asks('Describe the group', 'share-group', name),
  asks('List share groups', 'share-groups'),
];

const OF_CLUSTER: readonly ToolChoice[] = [
  { label: 'Create a topic', form: 'create-topic' },
  { label: 'Change a feature level', form: 'update-feature' },
];

const LISTS: readonly ToolChoice[] = [
  asks('List topics', 'topics'),
  asks('List groups', 'groups'),
  asks('List transactions', 'transactions'),
  asks('List reassignments', 'reassignments'),
  asks('Describe log directories', 'log-dirs'),
  asks('Describe the quorum', 'quorum'),
];
