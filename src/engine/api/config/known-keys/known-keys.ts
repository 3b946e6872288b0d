import { BROKER_CONFIG } from '../broker-config.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from '../client-config.ts';
import type { ConfigDefinitions, ConfigTable } from '../config-key.ts';
import { GROUP_CONFIG } from '../group-config.ts';
import { TOPIC_CONFIG } from '../topic-config.ts';
import { BROKER_KEYS } from './broker-keys.ts';
import { ADMIN_KEYS, CLIENT_KEYS, CONSUMER_KEYS, PRODUCER_KEYS, SECURITY_KEYS } from './client-keys.ts';
import { GROUP_KEYS } from './group-keys.ts';
import { readKeys } from './read-keys.ts';
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
  group: { honoured: GROUP_CONFIG, others: [GROUP_KEYS] },
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
