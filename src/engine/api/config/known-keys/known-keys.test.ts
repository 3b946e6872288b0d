import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BROKER_CONFIG } from '../broker-config.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from '../client-config.ts';
import type { ConfigDefinition, ConfigTable } from '../config-key.ts';
import { LONG_MAX } from '../config-type.ts';
import { GROUP_CONFIG } from '../group-config.ts';
import { TOPIC_CONFIG, TOPIC_CONFIG_BROKER_KEYS } from '../topic-config.ts';
import { definitionsOf, keysNotModelled, type ConfigSet } from './known-keys.ts';

interface RecordedKey {
  readonly set: ConfigSet;
  readonly key: string;
  readonly type: string;
  readonly default: unknown;
  readonly valid: string | null;
  /** Of a topic key: the broker's key that holds where the topic sets none. */
  readonly brokerKey?: string;
}

const recorded = (
  JSON.parse(readFileSync('conformance/tables/config-defaults.json', 'utf8')) as { keys: RecordedKey[] }
).keys;

const SETS: readonly ConfigSet[] = ['producer', 'consumer', 'admin', 'topic', 'broker', 'group', 'streams'];

/** Where the model's own table says what Kafka works out from another key, log.retention.hours and log.roll.hours. */
const OWN_WAY: readonly string[] = ['broker log.retention.ms', 'broker log.roll.ms'];

/** The validator in Kafka's words. */
function valid({ min, max, allowed, rule, type }: ConfigDefinition): string {
  const texts = allowed === undefined ? '' : `[${allowed.join(', ')}]`;
  if (rule === 'any-case') return `(case insensitive) ${texts}`;
  if (rule !== undefined) return rule;
  if (min === undefined || type === 'LIST') return texts;
  return max === undefined ? `[${min},...]` : `[${min},...,${max}]`;
}

/** Validators that are named here and described in Kafka; ranges of doubles without a fraction; lists of any items. */
const WORDS: Readonly<Record<string, string>> = {
  '[1,...,9] or -1': 'gzip-level',
  'non-empty string': 'non-empty',
  '[latest, earliest, none, by_duration:PnDTnHnMn.nS]': 'offset-reset',
  '[latest, earliest, by_duration:PnDTnHnMn.nS]': 'share-offset-reset',
  '[implicit, explicit]': 'acknowledgement-mode',
  '[batch_optimized, record_limit]': 'acquire-mode',
  '[partitionId]:[brokerId],[partitionId]:[brokerId],...': 'throttled-replicas',
  '[all, none, reuse.ktable.source.topics, merge.repartition.topics, single.store.self.join]':
    'optimizations',
  'non-null string': '',
  'non-empty list': '',
  'List containing maximum of 5 elements': '',
  'non-empty string without control characters': '',
};

test.each(SETS)('every key of Kafka’s set "%s" has its type, default and validator', (set) => {
  const rows = recorded.filter((row) => row.set === set && !OWN_WAY.includes(`${set} ${row.key}`));
  const definitions = definitionsOf(set);
  const ours = Object.fromEntries(
    rows.map(({ key }) => {
      const definition = definitions[key];
      return [key, definition && [definition.type, definition.default, valid(definition)]];
    }),
  );
  const theirs = Object.fromEntries(
    rows.map((row) => {
      const words = (row.valid ?? '').replace(/\.0(?=,\.\.\.|\]$)/g, '');
      return [
        row.key,
        [row.type, row.default === '9223372036854775807' ? LONG_MAX : row.default, WORDS[words] ?? words],
      ];
    }),
  );
  expect(ours).toEqual(theirs);
});

const HONOURED: readonly (readonly [ConfigSet, ConfigTable])[] = [
  ['producer', PRODUCER_CONFIG],
  ['consumer', CONSUMER_CONFIG],
  ['topic', TOPIC_CONFIG],
  ['broker', BROKER_CONFIG],
  ['streams', STREAMS_CONFIG],
  ['group', GROUP_CONFIG],
];

test.each(HONOURED)(
  'a key of "%s" is honoured or not modelled, and never a key that Kafka lacks',
  (set, table) => {
    const honoured = Object.keys(table);
    expect(honoured.filter((key) => Object.hasOwn(keysNotModelled(set), key))).toEqual([]);
    const names = new Set(
      recorded.filter((row) => row.set === set || set === 'streams').map(({ key }) => key),
    );
    const known = Object.keys(definitionsOf(set)).filter((key) => table[key]?.onlyDynamic !== true);
    expect(known.filter((key) => !names.has(key))).toEqual([]);
  },
);

test('every topic key has Kafka’s own twin among the broker keys', () => {
  const twins = recorded.filter(({ set, key }) => set === 'topic' && Object.hasOwn(TOPIC_CONFIG, key));
  expect(TOPIC_CONFIG_BROKER_KEYS).toEqual(
    Object.fromEntries(twins.map(({ key, brokerKey }) => [key, brokerKey])),
  );
});
