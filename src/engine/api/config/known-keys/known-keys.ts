import { assert, ensure } from '../../../base/assert.ts';
import { BROKER_CONFIG } from '../broker-config.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from '../client-config.ts';
import type { ConfigDefinition, ConfigDefinitions, ConfigTable, ConfigType } from '../config-key.ts';
import type { ConfigLimits, ConfigRule } from '../config-rule.ts';
import { parseType } from '../config-type.ts';
import { TOPIC_CONFIG } from '../topic-config.ts';
import { BROKER_KEYS, GROUP_KEYS } from './broker-keys.ts';
import { ADMIN_KEYS, CLIENT_KEYS, CONSUMER_KEYS, PRODUCER_KEYS, SECURITY_KEYS } from './client-keys.ts';
import { STREAMS_KEYS } from './streams-keys.ts';
import { TOPIC_KEYS } from './topic-keys.ts';

/** Kafka's sets of configuration keys. */
export type ConfigSet = 'producer' | 'consumer' | 'admin' | 'topic' | 'broker' | 'group' | 'streams';

interface KeySource {
  /** The keys that this model honours. */
  readonly honoured: ConfigTable;
  /** The others, see {@link readKeys}; a later text wins. */
  readonly others: readonly string[];
}

const SOURCES: Readonly<Record<ConfigSet, KeySource>> = {
  producer: { honoured: PRODUCER_CONFIG, others: [SECURITY_KEYS, CLIENT_KEYS, PRODUCER_KEYS] },
  consumer: { honoured: CONSUMER_CONFIG, others: [SECURITY_KEYS, CLIENT_KEYS, CONSUMER_KEYS] },
  admin: { honoured: {}, others: [SECURITY_KEYS, CLIENT_KEYS, ADMIN_KEYS] },
  topic: { honoured: TOPIC_CONFIG, others: [TOPIC_KEYS] },
  broker: { honoured: BROKER_CONFIG, others: [SECURITY_KEYS, BROKER_KEYS] },
  group: { honoured: {}, others: [GROUP_KEYS] },
  streams: { honoured: STREAMS_CONFIG, others: [STREAMS_KEYS] },
};

/** Keys of Kafka that this model knows by name and does not honour. */
export function keysNotModelled(set: ConfigSet): ConfigDefinitions {
  return Object.assign({}, ...SOURCES[set].others.map(readKeys)) as ConfigDefinitions;
}

/** Every key of a set as Kafka defines it, honoured here or not. */
export const definitionsOf = (set: ConfigSet): ConfigDefinitions => ({
  ...keysNotModelled(set),
  ...SOURCES[set].honoured,
});

/** Whether Kafka has this key beside those of a table of keys that the model honours. */
export function isKeyNotModelled(honoured: ConfigTable, key: string): boolean {
  const sets = Object.keys(SOURCES) as ConfigSet[];
  return sets.some((set) => SOURCES[set].honoured === honoured && Object.hasOwn(keysNotModelled(set), key));
}

/**
 * Reads a text of one key a line: name, type, default, limits. The default is `-` for none, `""` for an empty text and
 * `[…]` for a list; limits are a range `0..9`, allowed texts `{a,b}` and a rule `!name`.
 */
function readKeys(text: string): ConfigDefinitions {
  const keys: Record<string, ConfigDefinition> = {};
  for (const line of text.trim().split('\n')) {
    const [name = '', type = '', byDefault = '', limits = ''] = line.split(' ');
    keys[name] = {
      type: type as ConfigType,
      default: readDefault(type as ConfigType, byDefault),
      ...readLimits(limits),
    };
  }
  return keys;
}

function readDefault(type: ConfigType, written: string): ConfigDefinition['default'] {
  if (written === '-') return null;
  const value = parseType(type, written === '""' ? '' : written.replace(/^\[(.*)\]$/, '$1'));
  assert(value.ok, 'a key in the tables has a default of another type', { written });
  return value.value;
}

const LIMITS = /^(?:(?<min>-?[\d.]+?)\.\.(?<max>[\d.]*))?(?:\{(?<allowed>.*)\})?(?:!(?<rule>[a-z-]+))?$/;

function readLimits(written: string): ConfigLimits {
  const { min, max, allowed, rule } = ensure(LIMITS.exec(written)?.groups, `limits ${written}`);
  return {
    ...(min === undefined ? {} : { min: Number(min) }),
    ...(max === undefined || max === '' ? {} : { max: Number(max) }),
    ...(allowed === undefined ? {} : { allowed: allowed.split(',') }),
    ...(rule === undefined ? {} : { rule: rule as ConfigRule }),
  };
}
