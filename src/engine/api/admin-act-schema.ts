import * as v from 'valibot';
import { DESCRIBED, RESET_TO, SHARE_RESET_TO } from './admin-act.ts';
import { SCENARIO_LIMITS as MAX } from './scenario-limits.ts';
import { fields, list, named, oneOf, text, whole } from './scenario-schema-kit.ts';

/** Whatever a person may type: the cluster says what it thinks of it. */
const name = text(/^.{1,249}$/s, '1 to 249 characters');
const group = { group: name };
const topic = { topic: name };
const partition = whole(0, MAX.partitionsMax - 1);
const ofPartition = { topic: name, partition };
const offset = whole(0, Number.MAX_SAFE_INTEGER);
const replica = whole(0, 999);

/** The acts of administrators' tools, each a variant by its `type`. */
export const ADMIN_ACT_SCHEMAS = [
  fields({
    type: v.literal('create-topic'),
    ...topic,
    partitions: whole(1, MAX.partitionsMax),
    replicationFactor: whole(1, MAX.brokersMax),
    config: v.optional(named(text(/^.{0,300}$/s, 'text of at most 300 characters'))),
  }),
  fields({ type: v.literal('delete-topic'), ...topic }),
  fields({ type: v.literal('create-partitions'), ...topic, partitions: whole(1, MAX.partitionsMax) }),
  fields({
    type: v.literal('delete-records'),
    ...ofPartition,
    offset: whole(-1, Number.MAX_SAFE_INTEGER),
  }),
  fields({
    type: v.literal('elect-leaders'),
    election: oneOf('preferred', 'unclean'),
    topic: v.optional(name),
    partition: v.optional(partition),
  }),
  fields({
    type: v.literal('reassign-partition'),
    ...ofPartition,
    replicas: v.nullable(list(replica, 1, MAX.brokersMax)),
  }),
  fields({
    type: v.literal('alter-replica-log-dir'),
    ...ofPartition,
    broker: replica,
    path: name,
  }),
  fields({ type: v.literal('delete-group'), ...group }),
  fields({ type: v.literal('remove-members'), ...group }),
  fields({
    type: v.literal('reset-offsets'),
    ...group,
    ...topic,
    to: oneOf(...RESET_TO),
    position: v.optional(offset),
  }),
  fields({ type: v.literal('delete-offsets'), ...group, ...topic }),
  fields({ type: v.literal('delete-share-group'), ...group }),
  fields({
    type: v.literal('reset-share-offsets'),
    ...group,
    ...topic,
    to: oneOf(...SHARE_RESET_TO),
    position: v.optional(offset),
  }),
  fields({ type: v.literal('delete-share-offsets'), ...group, ...topic }),
  fields({ type: v.literal('abort-transaction'), ...ofPartition, offset }),
  fields({
    type: v.literal('find-hanging'),
    ...topic,
    olderThanMs: whole(0, MAX.lengthMsMax, 'ms'),
  }),
  fields({ type: v.literal('terminate-transaction'), transactionalId: name }),
  fields({
    type: v.literal('update-feature'),
    feature: name,
    level: whole(0, 32_767),
    change: oneOf('upgrade', 'safe-downgrade', 'unsafe-downgrade'),
  }),
  fields({ type: v.literal('unregister-broker'), broker: replica }),
  fields({ type: v.literal('describe'), what: oneOf(...DESCRIBED), name: v.optional(name) }),
] as const;
