import * as v from 'valibot';
import { ADMIN_ACT_SCHEMAS } from './admin-act-schema.ts';
import { ANCHOR_NAMES } from './anchors.ts';
import type { Command, CommandAct, ConfigTarget } from './command.ts';
import { IMPROVEMENTS } from './improvements.ts';
import type {
  ApplicationSpec,
  CallSpec,
  BrokerSpec,
  GroupSpec,
  OutputSpec,
  Pace,
  ProducerSpec,
  Scenario,
  ShareGroupSpec,
  TapeSpec,
  TopicSpec,
  TransactionPlan,
} from './scenario.ts';
import { QUERY_KINDS } from './query-act.ts';
import { QUOTA_KEYS, type QuotaSpec } from './quota.ts';
import { SCENARIO_LIMITS as MAX } from './scenario-limits.ts';
import {
  amount,
  fields,
  flag,
  list,
  named,
  object,
  oneOf,
  text,
  variant,
  whole,
} from './scenario-schema-kit.ts';
import { topicName, topologyNode } from './scenario-topology.ts';

const id = text(/^[a-z0-9-]{1,32}$/, '1 to 32 lower case letters, digits and dashes');
const fileName = text(/^[^/\\]{1,200}$/, 'a file name of 1 to 200 characters without slashes');
const column = text(/^.{1,200}$/s, '1 to 200 characters');
const node = text(/^[a-z0-9-]{1,40}$/, 'the id of a machine');
const micros = (max: number) => whole(0, max, 'µs');
const requestMicros = v.optional(micros(MAX.requestMicrosMax));

/** Values by Kafka's key; which keys and values there are depends on whose configuration it is. */
const settings = named(text(/^.{0,300}$/s, 'text of at most 300 characters'));
const config = v.optional(settings, {});
const groupConfig = v.optional(settings);

const brokerId = whole(0, 999);

const broker = object({
  id: brokerId,
  rack: v.optional(v.nullable(text(/^.{1,32}$/s, '1 to 32 characters')), null),
  config,
}) satisfies v.GenericSchema<unknown, BrokerSpec>;

const topic = object({
  name: topicName,
  partitions: whole(1, MAX.partitionsMax),
  replicationFactor: whole(1, MAX.brokersMax),
  config,
}) satisfies v.GenericSchema<unknown, TopicSpec>;

const owner = {
  user: v.optional(v.nullable(text(/^.{1,100}$/s, '1 to 100 characters'))),
  clientId: v.optional(v.nullable(text(/^.{1,100}$/s, '1 to 100 characters'))),
  ip: v.optional(v.nullable(text(/^.{1,100}$/s, '1 to 100 characters'))),
};

const quotaKey = oneOf(...QUOTA_KEYS);
const quotaValue = amount(0.001, MAX.quotaMax);

const quota = object({ ...owner, key: quotaKey, value: quotaValue }) satisfies v.GenericSchema<
  unknown,
  QuotaSpec
>;

const pace = variant('kind', [
  fields({ kind: v.literal('rate'), perSecond: whole(1, 1_000_000, 'records a second') }),
  fields({
    kind: v.literal('times'),
    factor: amount(0.001, 1_000_000),
    gapMaxMs: whole(0, MAX.lengthMsMax, 'ms'),
  }),
  fields({ kind: v.literal('max') }),
]) satisfies v.GenericSchema<unknown, Pace>;

const tape = object({
  file: fileName,
  origin: oneOf('bundled', 'own'),
  digest: text(/^[0-9a-f]{16}$/, 'sixteen hexadecimal digits'),
  format: oneOf('csv', 'jsonl', 'access-log'),
  timeColumn: column,
  keyColumn: v.optional(v.nullable(column), null),
  limit: v.optional(whole(0, 1_000_000, 'rows'), 0),
  tombstones: v.optional(object({ column, value: text(/^.{1,200}$/s, '1 to 200 characters') })),
}) satisfies v.GenericSchema<unknown, TapeSpec>;

const transactions = object({
  records: whole(1, 1_000_000, 'rows'),
  everyMs: v.optional(whole(1, MAX.lengthMsMax, 'ms')),
  abortEvery: v.optional(whole(2, 1_000_000)),
}) satisfies v.GenericSchema<unknown, TransactionPlan>;

const producer = object({
  id,
  topic: topicName,
  tape,
  pace,
  transactions: v.optional(transactions),
  config,
}) satisfies v.GenericSchema<unknown, ProducerSpec>;

const application = object({
  id,
  instances: whole(1, MAX.instancesMax),
  topology: list(topologyNode, 1, MAX.topologyNodesMax),
  workMicros: v.optional(micros(MAX.workMicrosMax), 0),
  staticMembers: v.optional(flag()),
  onUncaughtException: v.optional(oneOf('replace-thread', 'shutdown-client', 'shutdown-application')),
  config,
}) satisfies v.GenericSchema<unknown, ApplicationSpec>;

const output = object({ topic: topicName, config }) satisfies v.GenericSchema<unknown, OutputSpec>;

const calls = object({
  service: id,
  keyFields: v.optional(list(text(/^.{1,200}$/s, '1 to 200 characters'), 1, 8)),
}) satisfies v.GenericSchema<unknown, CallSpec>;

const readers = {
  id,
  topic: topicName,
  members: whole(1, MAX.membersMax),
  workMicros: v.optional(micros(MAX.workMicrosMax), 0),
};
const group = object({
  ...readers,
  topicsPattern: v.optional(text(/^.{1,100}$/s, '1 to 100 characters')),
  work: v.optional(oneOf('in-worker')),
  output: v.optional(output),
  calls: v.optional(calls),
  config,
  groupConfig,
}) satisfies v.GenericSchema<unknown, GroupSpec>;

const every = v.optional(whole(1, 1_000_000));
const shareGroup = object({
  ...readers,
  outcomes: v.optional(
    object({
      rejectEvery: every,
      poisonEvery: every,
      releaseEvery: every,
      slowEvery: every,
      slowMs: v.optional(whole(1, MAX.lengthMsMax, 'ms')),
      renew: v.optional(flag()),
    }),
  ),
  config,
  groupConfig,
}) satisfies v.GenericSchema<unknown, ShareGroupSpec>;

const configTarget = variant('kind', [
  fields({ kind: v.literal('broker'), node }),
  fields({ kind: v.literal('brokers') }),
  fields({ kind: v.literal('topic'), topic: topicName }),
  fields({ kind: v.literal('group'), group: id }),
  fields({ kind: v.literal('client'), node }),
]) satisfies v.GenericSchema<unknown, ConfigTarget>;

const link = { a: node, b: node };
/** As many as fit into the text of a configuration value. */
const directory = whole(0, 149);

const storeKey = text(/^.{1,300}$/s, '1 to 300 characters');

/** What a person may do, in a scenario as on the page. */
export const ACT_SCHEMA = variant('type', [
  fields({ type: v.literal('crash'), node }),
  fields({ type: v.literal('power-off'), node }),
  fields({ type: v.literal('wipe-disk'), node }),
  fields({ type: v.literal('shut-down'), node }),
  fields({ type: v.literal('crash-at'), node, anchor: oneOf(...ANCHOR_NAMES), passes: whole(0, 1_000_000) }),
  fields({ type: v.literal('start'), node }),
  fields({ type: v.literal('add-stream-thread'), node }),
  fields({ type: v.literal('remove-stream-thread'), node }),
  fields({ type: v.literal('pause'), node }),
  fields({ type: v.literal('resume'), node }),
  fields({ type: v.literal('fail-log-dir'), node, directory }),
  fields({ type: v.literal('repair-log-dir'), node, directory, empty: flag() }),
  fields({ type: v.literal('cut-link'), ...link }),
  fields({ type: v.literal('heal-link'), ...link }),
  fields({ type: v.literal('slow-link'), ...link, extraMicros: micros(MAX.workMicrosMax) }),
  fields({
    type: v.literal('set-config'),
    target: configTarget,
    key: text(/^.{1,100}$/s, '1 to 100 characters'),
    value: v.nullable(text(/^.{0,300}$/s, 'text of at most 300 characters')),
  }),
  fields({ type: v.literal('set-quota'), ...owner, key: quotaKey, value: v.nullable(quotaValue) }),
  fields({
    type: v.literal('query'),
    application: id,
    store: text(/^.{1,249}$/s, '1 to 249 characters'),
    kind: oneOf(...QUERY_KINDS),
    key: v.optional(storeKey),
    fromKey: v.optional(storeKey),
    toKey: v.optional(storeKey),
    fromMs: v.optional(whole(0, MAX.startMsMax, 'ms since 1970')),
    toMs: v.optional(whole(0, MAX.startMsMax, 'ms since 1970')),
    stale: v.optional(flag()),
    instance: v.optional(node),
  }),
  ...ADMIN_ACT_SCHEMAS,
]) satisfies v.GenericSchema<unknown, CommandAct>;

const command = object({
  id: whole(0, 4_294_967_295),
  at: whole(1, MAX.lengthMsMax * 1_000, 'µs'),
  act: ACT_SCHEMA,
  disabled: v.optional(flag()),
}) satisfies v.GenericSchema<unknown, Command>;

/** The closed schema of a scenario of version 1, in the order in which its fields are printed. */
export const SCENARIO_SCHEMA = object({
  format: oneOf('millrace-scenario'),
  version: v.literal(1),
  id,
  name: text(/^.{1,100}$/s, '1 to 100 characters'),
  question: text(/^.{1,300}$/s, '1 to 300 characters'),
  notes: v.optional(list(text(/^.{1,500}$/s, '1 to 500 characters'), 0, MAX.notesMax)),
  seed: whole(0, 4_294_967_295),
  startMs: whole(0, MAX.startMsMax, 'ms since 1970'),
  lengthMs: whole(1_000, MAX.lengthMsMax, 'ms'),
  brokers: list(broker, 1, MAX.brokersMax),
  controllers: v.optional(oneOf(1, 3)),
  features: v.optional(
    object({
      'transaction.version': v.optional(oneOf(0, 1, 2)),
      'eligible.leader.replicas.version': v.optional(oneOf(0, 1)),
    }),
  ),
  before: v.optional(list(oneOf(...IMPROVEMENTS), 1, IMPROVEMENTS.length)),
  brokerConfig: config,
  requestMicros: v.optional(object({ produce: requestMicros, fetch: requestMicros, other: requestMicros })),
  coordinatorLoadMicros: requestMicros,
  topics: v.optional(list(topic, 0, MAX.topicsMax), []),
  quotas: v.optional(list(quota, 0, MAX.quotasMax)),
  producers: v.optional(list(producer, 0, MAX.producersMax), []),
  applications: v.optional(list(application, 0, MAX.applicationsMax), []),
  groups: v.optional(list(group, 0, MAX.groupsMax), []),
  shareGroups: v.optional(list(shareGroup, 0, MAX.groupsMax)),
  commands: v.optional(list(command, 0, MAX.commandsMax), []),
}) satisfies v.GenericSchema<unknown, Scenario>;
