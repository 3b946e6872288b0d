import { ensure } from '../../base/assert.ts';
import { BROKER_CONFIG } from './broker-config.ts';
import {
  configText,
  type ConfigDefinition,
  type ConfigDefinitions,
  type ConfigOverrides,
} from './config-key.ts';
import { readKeys } from './known-keys/read-keys.ts';
import { TOPIC_KEYS } from './known-keys/topic-keys.ts';
import { TOPIC_CONFIG, TOPIC_CONFIG_BROKER_KEYS } from './topic-config.ts';

/** Where a value comes from (`DescribeConfigsResponse.ConfigSource`). */
export const CONFIG_SOURCE = {
  DYNAMIC_TOPIC: 1,
  DYNAMIC_BROKER: 2,
  DYNAMIC_DEFAULT_BROKER: 3,
  STATIC_BROKER: 4,
  DEFAULT: 5,
  DYNAMIC_GROUP: 8,
} as const;

/** A value under one of the names that a key goes by. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

/** What is set of a broker's keys: for all brokers, for this one, in its file. */
export interface BrokerOverrides {
  readonly forAll: ConfigOverrides;
  readonly forThis: ConfigOverrides;
  readonly inFile: ConfigOverrides;
}

/** A value that holds, and all that were given, the one that holds first. */
export interface EffectiveValue {
  readonly value: string;
  readonly source: number;
  readonly synonyms: readonly ConfigSynonym[];
}

/**
 * Their default belongs to a twin in hours, which this model does not have: it is none of their own
 * (`ServerTopicConfigSynonyms`).
 */
const DEFAULT_IN_HOURS: readonly string[] = ['log.retention.ms', 'log.roll.ms'];

/** The value that holds of a broker's key (`ConfigHelper.configSynonyms`). */
export function brokerValue(
  set: BrokerOverrides,
  name: string,
  definition: ConfigDefinition,
): EffectiveValue {
  const byDefault: ConfigOverrides = DEFAULT_IN_HOURS.includes(name)
    ? {}
    : { [name]: configText(definition.default) };
  const levels: readonly (readonly [ConfigOverrides, number])[] = [
    [set.forThis, CONFIG_SOURCE.DYNAMIC_BROKER],
    [set.forAll, CONFIG_SOURCE.DYNAMIC_DEFAULT_BROKER],
    [set.inFile, CONFIG_SOURCE.STATIC_BROKER],
    [byDefault, CONFIG_SOURCE.DEFAULT],
  ];
  const synonyms = levels.flatMap(([level, source]) => {
    const value = level[name];
    return value === undefined ? [] : [{ name, value, source }];
  });
  return firstOf(synonyms, definition);
}

/** Twins among the keys of brokers that this model does not have: they have their default. */
const TWINS_BY_DEFAULT: Readonly<Record<string, string>> = {
  'compression.gzip.level': 'compression.gzip.level',
  'compression.lz4.level': 'compression.lz4.level',
  'compression.zstd.level': 'compression.zstd.level',
  'file.delete.delay.ms': 'log.segment.delete.delay.ms',
  'flush.messages': 'log.flush.interval.messages',
  'index.interval.bytes': 'log.index.interval.bytes',
  'local.retention.bytes': 'log.local.retention.bytes',
  'local.retention.ms': 'log.local.retention.ms',
  'max.decompressed.message.bytes': 'max.decompressed.message.bytes',
  preallocate: 'log.preallocate',
  'remote.copy.lag.bytes': 'log.remote.copy.lag.bytes',
  'remote.copy.lag.ms': 'log.remote.copy.lag.ms',
  'segment.index.bytes': 'log.index.size.max.bytes',
};

function twinSynonyms(
  set: BrokerOverrides,
  name: string,
  definition: ConfigDefinition,
): readonly ConfigSynonym[] {
  const twin = (TOPIC_CONFIG_BROKER_KEYS as Readonly<Record<string, keyof typeof BROKER_CONFIG>>)[name];
  if (twin !== undefined) return brokerValue(set, twin, BROKER_CONFIG[twin]).synonyms;
  const other = TWINS_BY_DEFAULT[name];
  if (other === undefined) return [];
  return [{ name: other, value: configText(definition.default), source: CONFIG_SOURCE.DEFAULT }];
}

/** The value that holds for a topic with its own values `own`: that, else its broker twin's, else the default. */
export function topicValue(
  set: BrokerOverrides,
  own: ConfigOverrides,
  name: string,
  definition: ConfigDefinition,
): EffectiveValue {
  const ofBroker = twinSynonyms(set, name, definition);
  const value = own[name];
  if (value === undefined) return firstOf(ofBroker, definition);
  return firstOf([{ name, value, source: CONFIG_SOURCE.DYNAMIC_TOPIC }, ...ofBroker], definition);
}

/** The value that holds is the first of those that were given. */
export function firstOf(synonyms: readonly ConfigSynonym[], definition: ConfigDefinition): EffectiveValue {
  const first = synonyms[0] ?? { value: configText(definition.default), source: CONFIG_SOURCE.DEFAULT };
  return { value: first.value, source: first.source, synonyms };
}

/** Every key that a topic may be given, by name. */
export const topicDefinitions = (): ConfigDefinitions => sorted({ ...readKeys(TOPIC_KEYS), ...TOPIC_CONFIG });

/** Those that Kafka shows of a topic with its own values `own`: what it keeps to itself only once it is set. */
export function shownTopicDefinitions(own: ConfigOverrides): ConfigDefinitions {
  const isShown = (name: string): boolean => !name.startsWith('internal.') || Object.hasOwn(own, name);
  return Object.fromEntries(Object.entries(topicDefinitions()).filter(([name]) => isShown(name)));
}

export const sorted = (definitions: ConfigDefinitions): ConfigDefinitions =>
  Object.fromEntries(
    Object.keys(definitions)
      .sort()
      .map((name) => [name, ensure(definitions[name], name)]),
  );
