import { BROKER_CONFIG, type BrokerConfig } from '../api/config/broker-config.ts';
import {
  configText,
  parseModelValue,
  parseConfig,
  type ConfigOverrides,
  type ConfigTable,
} from '../api/config/config-key.ts';
import { GROUP_CONFIG, OF_BOTH, OF_SHARES, type GroupConfig } from '../api/config/group-config.ts';
import { TOPIC_CONFIG, TOPIC_CONFIG_BROKER_KEYS, type TopicConfig } from '../api/config/topic-config.ts';
import { InvariantError } from '../base/assert.ts';
import { clamped, clampedForShares } from '../coordinator/group/group-config.ts';
import {
  brokerOverrides,
  groupOverrides,
  topicOverrides,
  type MetadataImage,
} from '../metadata/metadata-image.ts';
import type { BrokerMemory, BrokerProgramConfig } from './broker-memory.ts';

/** Those overrides that this table knows; of a resource that may carry keys this model does not have. */
function known(table: ConfigTable, overrides: ConfigOverrides): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const key of Object.keys(overrides).sort()) {
    const definition = Object.hasOwn(table, key) ? table[key] : undefined;
    const value = overrides[key];
    if (definition === undefined || value === undefined) continue;
    if (parseModelValue(key, definition, value).ok) kept[key] = value;
  }
  return kept;
}

function isDynamic(key: string): boolean {
  return Object.hasOwn(BROKER_CONFIG, key) && (BROKER_CONFIG as ConfigTable)[key]?.update === 'dynamic';
}

/** Metadata may set dynamic keys only; the others come from server.properties at start. */
function dynamicOverrides(image: MetadataImage, brokerId: number | null): Record<string, string> {
  const overrides = known(BROKER_CONFIG, brokerOverrides(image, brokerId));
  for (const key of Object.keys(overrides)) if (!isDynamic(key)) delete overrides[key];
  return overrides;
}

/** The broker's configuration: its file, over it what is set for all brokers, over that what is set for it. */
export function effectiveBrokerConfig(settings: BrokerProgramConfig, image: MetadataImage): BrokerConfig {
  const parsed = parseConfig(BROKER_CONFIG, {
    ...settings.overrides,
    ...dynamicOverrides(image, null),
    ...dynamicOverrides(image, settings.brokerId),
  });
  if (!parsed.ok) throw new InvariantError(parsed.error);
  return parsed.value;
}

/** What was put together already, by its two parts: all three are frozen, and most topics have the same. */
const topicConfigs = new WeakMap<BrokerConfig, WeakMap<ConfigOverrides, TopicConfig>>();

/** The configuration of a topic's logs on this broker. */
export function effectiveTopicConfig({ config, image }: BrokerMemory, topic: string): TopicConfig {
  const own = topicOverrides(image, topic);
  let ofBroker = topicConfigs.get(config);
  if (ofBroker === undefined)
    topicConfigs.set(config, (ofBroker = new WeakMap<ConfigOverrides, TopicConfig>()));
  let inForce = ofBroker.get(own);
  if (inForce === undefined) ofBroker.set(own, (inForce = topicConfigOf(config, own)));
  return inForce;
}

function topicConfigOf(config: BrokerConfig, own: ConfigOverrides): TopicConfig {
  const overrides: Record<string, string> = {};
  for (const [key, twin] of Object.entries(TOPIC_CONFIG_BROKER_KEYS))
    overrides[key] = configText(config[twin]);
  const parsed = parseConfig(TOPIC_CONFIG, { ...overrides, ...known(TOPIC_CONFIG, own) });
  if (!parsed.ok) throw new InvariantError(parsed.error);
  return parsed.value;
}

/** The configuration of a group: what it has set, over what its brokers have, within their bounds. */
export function groupConfigInForce({ config, image }: BrokerMemory, groupId: string): GroupConfig {
  const settings = { config, own: known(GROUP_CONFIG, groupOverrides(image, groupId)) };
  const overrides: Record<string, string> = { ...settings.own };
  for (const key of OF_BOTH) overrides[`consumer.${key}`] = `${clamped(settings, key)}`;
  for (const key of [...OF_BOTH, ...OF_SHARES])
    overrides[`share.${key}`] = `${clampedForShares(settings, key)}`;
  const parsed = parseConfig(GROUP_CONFIG, overrides);
  if (!parsed.ok) throw new InvariantError(parsed.error);
  return parsed.value;
}
