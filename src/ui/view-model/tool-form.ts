import * as v from 'valibot';
import { adminProblem, RESET_TO, SHARE_RESET_TO, type AdminAct } from '../../engine/api/admin-act.ts';
import { ADMIN_ACT_SCHEMAS } from '../../engine/api/admin-act-schema.ts';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import { variant } from '../../engine/api/scenario-schema-kit.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { askedOf, type ActChoice, type ActField, type ActForm, type ActValues } from './act-form.ts';
import { TOOL_WORDS, type ToolType } from './tool-words.ts';

/** A field, and how what stands in it is read. */
interface ToolField extends ActField {
  readonly reads: 'text' | 'number' | 'numbers';
}

/** What the entity settles, and what is left to ask. */
interface Questions {
  /** Whom it is about, for the title. */
  readonly about: string;
  readonly settled: Readonly<Record<string, string | number>>;
  readonly fields: readonly ToolField[];
}

/** What a tool asks, filled in from the entity that it was opened on. */
export function toolForm(type: ToolType, entities: ReadonlyMap<EntityId, Entity>, id: EntityId): ActForm {
  const { title, meaning, submit } = TOOL_WORDS[type];
  const { about, settled, fields } = questionsOf(type, entities, entities.get(id));
  return {
    title: about === '' ? title : `${title}: ${about}`,
    meaning,
    submit,
    fields,
    read: (values) => {
      const asked = askedOf(fields, values);
      return checked({ type, ...settled, ...answers(asked, values) }, asked);
    },
  };
}

const SCHEMA = variant('type', [...ADMIN_ACT_SCHEMAS]);

/** The first thing that is wrong, in the words that a scenario's reader has for it, with the label in front. */
function checked(act: object, fields: readonly ToolField[]): Result<AdminAct, string> {
  const parsed = v.safeParse(SCHEMA, act);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const key = issue.path?.[0]?.key as string;
    return err(`${fields.find((field) => field.id === key)?.label ?? key} ${issue.message}`);
  }
  const read = parsed.output as AdminAct;
  const problem = adminProblem(read);
  return problem === null ? ok(read) : err(`It ${problem}`);
}

/** What was left empty is left out, but for a list: that is null. */
function answers(fields: readonly ToolField[], values: ActValues): object {
  const act: Record<string, unknown> = {};
  for (const { id, reads } of fields) {
    const text = (values[id] ?? '').trim();
    if (reads === 'numbers') act[id] = text === '' ? null : text.split(/[\s,]+/).map(numberOr);
    else if (text !== '') act[id] = reads === 'number' ? numberOr(text.replaceAll(',', '')) : text;
  }
  return act;
}

const numberOr = (text: string): number | string => (Number.isNaN(Number(text)) ? text : Number(text));

function questionsOf(
  type: ToolType,
  entities: ReadonlyMap<EntityId, Entity>,
  entity: Entity | undefined,
): Questions {
  switch (entity?.kind) {
    case 'partition': {
      const { topic, partition, name } = entity;
      const fields =
        type === 'alter-replica-log-dir' ? directoryFields(entities, entity) : partitionFields(type, entity);
      return { about: name, settled: { topic, partition }, fields };
    }
    case 'topic':
      return {
        about: entity.name,
        settled: { topic: entity.name },
        fields: topicFields(type, entity.partitions),
      };
    case 'group':
    case 'application':
      return {
        about: entity.name,
        settled: { group: entity.name },
        fields: groupFields(type, entities, entity),
      };
    case 'transaction':
      return { about: entity.name, settled: { transactionalId: entity.name }, fields: [] };
    default: {
      const broker = Number(/^b(\d+)$/.exec(entity?.id ?? '')?.[1] ?? -1);
      return type === 'unregister-broker'
        ? { about: `B${broker}`, settled: { broker }, fields: [] }
        : { about: '', settled: {}, fields: CLUSTER_FIELDS[type] ?? [] };
    }
  }
}

const number = (id: string, label: string, initial: string, note?: string): ToolField => ({
  id,
  label,
  initial,
  reads: 'number',
  ...(note !== undefined && { note }),
});

const choice = (id: string, label: string, choices: readonly ActChoice[]): ToolField => ({
  id,
  label,
  initial: choices[0]?.value ?? '',
  choices,
  reads: 'text',
});

const named = (...values: readonly string[]): readonly ActChoice[] =>
  values.map((value) => ({ value, label: value }));

/** Values and what each of them means. */
const meant = (meanings: Readonly<Record<string, string>>): readonly ActChoice[] =>
  Object.entries(meanings).map(([value, meaning]) => ({ value, label: value, meaning }));

/** What the software can do of each feature; the last level is that of a new cluster. */
const FEATURES: Readonly<Record<string, string>> = {
  'transaction.version': 'Levels 0 to 2. From 2 on every transaction has an epoch of its own (KIP-890).',
  'group.version': 'Levels 0 and 1. With 1 there is the consumer protocol (KIP-848).',
  'metadata.version':
    'Levels 7 to 33, each a version of what the metadata log may hold. Nothing here depends on it.',
  'eligible.leader.replicas.version':
    'Levels 0 and 1. With 1 the controller knows who may lead beside those in sync (KIP-966).',
  'share.version': 'Levels 0 to 2. In Kafka share groups need 1 (KIP-932); here they are there at any level.',
  'streams.version':
    'Levels 0 and 1. In Kafka 1 brings a group protocol of Kafka Streams (KIP-1071); nothing here depends on it.',
};

const CHANGES: Readonly<Record<string, string>> = {
  upgrade: 'To a higher level.',
  'safe-downgrade': 'To a lower level, if nothing is lost by it.',
  'unsafe-downgrade': 'To a lower level, though metadata that it does not know is lost.',
};

const CLUSTER_FIELDS: Readonly<Partial<Record<ToolType, readonly ToolField[]>>> = {
  'create-topic': [
    { id: 'topic', label: 'Name', initial: 'orders', reads: 'text' },
    number('partitions', 'Partitions', '3'),
    number('replicationFactor', 'Replicas', '3', 'Brokers that hold each partition.'),
  ],
  'update-feature': [
    choice('feature', 'Feature', meant(FEATURES)),
    number('level', 'Level', '1'),
    choice('change', 'Change', meant(CHANGES)),
  ],
};

function partitionFields(
  type: ToolType,
  { replicas, openTransactions = [] }: Extract<Entity, { kind: 'partition' }>,
): readonly ToolField[] {
  switch (type) {
    case 'reassign-partition':
      return [
        {
          id: 'replicas',
          label: 'Brokers',
          initial: [...replicas.slice(1), ...replicas.slice(0, 1)].join(', '),
          reads: 'numbers',
          note: 'The first is the preferred leader. Empty: what is going on is given up.',
        },
      ];
    case 'elect-leaders':
      return [choice('election', 'Election', named('preferred', 'unclean'))];
    case 'delete-records':
      return [number('offset', 'Before offset', '-1', 'With -1 everything that is committed.')];
    case 'abort-transaction': {
      const [oldest] = openTransactions;
      const note =
        oldest === undefined
          ? 'No transaction is open here now.'
          : 'Where the oldest open transaction begins.';
      return [number('offset', 'First offset', oldest === undefined ? '' : String(oldest.firstOffset), note)];
    }
    default:
      return [];
  }
}

/** Brokers that have it, and directories that any of them has. */
function directoryFields(
  entities: ReadonlyMap<EntityId, Entity>,
  { replicas }: Extract<Entity, { kind: 'partition' }>,
): readonly ToolField[] {
  const paths = replicas.flatMap((id) => {
    const node = entities.get(`b${id}`);
    return node?.kind === 'node' ? (node.broker?.directories ?? []).map(({ path }) => path) : [];
  });
  return [
    { ...choice('broker', 'Broker', named(...replicas.map(String))), reads: 'number' },
    paths.length === 0
      ? { id: 'path', label: 'Directory', initial: '/tmp/kafka-logs', reads: 'text' }
      : choice('path', 'Directory', named(...[...new Set(paths)].reverse())),
  ];
}

function topicFields(type: ToolType, partitions: number): readonly ToolField[] {
  if (type === 'create-partitions')
    return [number('partitions', 'Partitions', String(partitions + 1), `In all; there are ${partitions}.`)];
  return type === 'find-hanging'
    ? [number('olderThanMs', 'Open for', '5000', 'In ms. The tool itself says 15 minutes if it is not told.')]
    : [];
}

function groupFields(
  type: ToolType,
  entities: ReadonlyMap<EntityId, Entity>,
  { name }: { readonly name: string },
): readonly ToolField[] {
  const isReset = type === 'reset-offsets' || type === 'reset-share-offsets';
  if (!isReset && type !== 'delete-offsets' && type !== 'delete-share-offsets') return [];
  const topic = choice('topic', 'Topic', named(...topicsOf(entities, name)));
  return !isReset
    ? [topic]
    : [
        topic,
        choice('to', 'To', resetTo(type === 'reset-offsets' ? RESET_TO : SHARE_RESET_TO)),
        {
          ...number('position', 'Position', ''),
          unit: ({ to }) => (to === 'timestamp' ? 'ms since 1970' : 'in every partition'),
          asked: ({ to = '' }) => to === 'offset' || to === 'timestamp',
        },
      ];
}

/** Where a group may be put, in each partition of the topic. */
const RESET_MEANING: Readonly<Record<(typeof RESET_TO)[number], string>> = {
  earliest: 'The oldest record that is still there: it reads everything once more.',
  latest: 'Behind the newest record: what it has not read is passed over.',
  offset: 'One offset; where the log begins later or ends before, the nearest.',
  timestamp: 'The first record with this time or a later one.',
};

const resetTo = (places: readonly (typeof RESET_TO)[number][]): readonly ActChoice[] =>
  places.map((value) => ({ value, label: value, meaning: RESET_MEANING[value] }));

/** Those that the group reads first. */
function topicsOf(entities: ReadonlyMap<EntityId, Entity>, group: string): readonly string[] {
  const all = [...entities.values()];
  const read = all.flatMap((entity) =>
    entity.kind === 'group' && entity.name === group
      ? entity.partitions.map((partition) => partition.name.replace(/-\d+$/, ''))
      : [],
  );
  const others = all.flatMap((entity) => (entity.kind === 'topic' ? [entity.name] : []));
  return [...new Set([...read, ...others])];
}
