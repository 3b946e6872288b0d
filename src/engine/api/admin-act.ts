import type { ConfigOverrides } from './config/config-key.ts';

/** Where a group may be put, as `kafka-consumer-groups --reset-offsets` says it. */
export const RESET_TO = ['earliest', 'latest', 'offset', 'timestamp'] as const;

/** Where a share group may be put, as `kafka-share-groups --reset-offsets` says it. */
export const SHARE_RESET_TO = ['earliest', 'latest', 'timestamp'] as const;

/** What the tools can list or describe. */
export const DESCRIBED = [
  'topics',
  'topic',
  'groups',
  'group',
  'share-groups',
  'share-group',
  'transactions',
  'transaction',
  'producers',
  'reassignments',
  'quorum',
  'log-dirs',
] as const;

/**
 * What an administrator's tools ask of a running cluster: requests over the network, which the cluster may refuse. Names
 * of topics, groups and brokers need not exist; the answer says so.
 */
export type AdminAct =
  | CreateTopic
  | { readonly type: 'delete-topic'; readonly topic: string }
  /** `partitions`: how many the topic shall have in all. */
  | { readonly type: 'create-partitions'; readonly topic: string; readonly partitions: number }
  /** Everything below `offset`; −1: below the high watermark. */
  | (OfPartition & { readonly type: 'delete-records'; readonly offset: number })
  | ElectLeaders
  /** Null gives up the reassignment that is going on. */
  | (OfPartition & { readonly type: 'reassign-partition'; readonly replicas: readonly number[] | null })
  /** Within a broker; `path` as its `log.dirs` names it. */
  | (OfPartition & { readonly type: 'alter-replica-log-dir'; readonly broker: number; readonly path: string })
  | (OfGroup & { readonly type: 'delete-group' })
  | (OfGroup & { readonly type: 'remove-members' })
  | ResetOffsets
  | (OfGroup & { readonly type: 'delete-offsets'; readonly topic: string })
  | (OfGroup & { readonly type: 'delete-share-group' })
  | ResetShareOffsets
  | (OfGroup & { readonly type: 'delete-share-offsets'; readonly topic: string })
  /** The transaction whose first record in this partition has this offset. */
  | (OfPartition & { readonly type: 'abort-transaction'; readonly offset: number })
  | FindHanging
  | { readonly type: 'terminate-transaction'; readonly transactionalId: string }
  | UpdateFeature
  | { readonly type: 'unregister-broker'; readonly broker: number }
  | Describe;

interface OfPartition {
  readonly topic: string;
  readonly partition: number;
}

interface OfGroup {
  readonly group: string;
}

export interface CreateTopic {
  readonly type: 'create-topic';
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config?: ConfigOverrides;
}

/** Of one partition, or of all when none is named. */
export interface ElectLeaders {
  readonly type: 'elect-leaders';
  readonly election: 'preferred' | 'unclean';
  readonly topic?: string;
  readonly partition?: number;
}

export interface ResetOffsets {
  readonly type: 'reset-offsets';
  readonly group: string;
  readonly topic: string;
  readonly to: (typeof RESET_TO)[number];
  /** An offset, or ms since 1970. */
  readonly position?: number;
}

export interface ResetShareOffsets {
  readonly type: 'reset-share-offsets';
  readonly group: string;
  readonly topic: string;
  readonly to: (typeof SHARE_RESET_TO)[number];
  /** In ms since 1970. */
  readonly position?: number;
}

/** Transactions that no coordinator knows, among those of a topic that are open for longer than `olderThanMs`. */
export interface FindHanging {
  readonly type: 'find-hanging';
  readonly topic: string;
  readonly olderThanMs: number;
}

export interface UpdateFeature {
  readonly type: 'update-feature';
  readonly feature: string;
  /** 0: not at all any more. */
  readonly level: number;
  readonly change: 'upgrade' | 'safe-downgrade' | 'unsafe-downgrade';
}

export interface Describe {
  readonly type: 'describe';
  readonly what: (typeof DESCRIBED)[number];
  /** Of the topic, group or transaction. */
  readonly name?: string;
}

/** What of `describe` needs a name. */
const NAMED: readonly Describe['what'][] = ['topic', 'group', 'share-group', 'transaction', 'producers'];

/** Why an act's fields do not fit together, as the end of a sentence, or null. */
export function adminProblem(act: AdminAct): string | null {
  switch (act.type) {
    case 'elect-leaders':
      return (act.topic === undefined) === (act.partition === undefined)
        ? null
        : 'must have both topic and partition, or neither for all partitions.';
    case 'reset-offsets':
    case 'reset-share-offsets': {
      const needs = act.to === 'offset' || act.to === 'timestamp';
      if (needs === (act.position !== undefined)) return null;
      return needs ? `needs a position for ${act.to}.` : `must have no position for ${act.to}.`;
    }
    case 'describe': {
      const needs = NAMED.includes(act.what);
      if (needs === (act.name !== undefined)) return null;
      return needs
        ? `needs the name of the ${act.what.replace('-', ' ')}.`
        : `must have no name for ${act.what}.`;
    }
    default:
      return null;
  }
}

/** What an act is about: `orders-3`, a group, a broker. */
function subject(act: AdminAct): string {
  if (act.type === 'describe') return [act.what, ...(act.name === undefined ? [] : [act.name])].join(' ');
  if ('group' in act) return act.group;
  if ('topic' in act && act.topic !== undefined)
    return 'partition' in act && act.partition !== undefined ? `${act.topic}-${act.partition}` : act.topic;
  if ('transactionalId' in act) return act.transactionalId;
  if ('feature' in act) return act.feature;
  return 'broker' in act ? `B${act.broker}` : 'everywhere';
}

/** `delete topic orders`. */
export const adminWords = (act: AdminAct): string => `${act.type.replaceAll('-', ' ')} ${subject(act)}`;
