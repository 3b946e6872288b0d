import { BROKER_CONFIG } from './broker-config.ts';
import {
  configText,
  type ConfigDefinition,
  type ConfigDefinitions,
  type ConfigOverrides,
} from './config-key.ts';
import { GROUP_CONFIG } from './group-config.ts';
import { GROUP_KEYS } from './known-keys/group-keys.ts';
import { readKeys } from './known-keys/read-keys.ts';
import {
  brokerValue,
  CONFIG_SOURCE,
  firstOf,
  sorted,
  type BrokerOverrides,
  type EffectiveValue,
} from './topic-values.ts';

/** The value that holds for a group with its own values `own`: that, else its broker twin's, else the default. */
export function groupValue(
  set: BrokerOverrides,
  own: ConfigOverrides,
  name: string,
  definition: ConfigDefinition,
): EffectiveValue {
  const twin = `group.${name}`;
  const ofBroker = Object.hasOwn(BROKER_CONFIG, twin)
    ? brokerValue(set, twin, BROKER_CONFIG[twin as keyof typeof BROKER_CONFIG]).synonyms
    : [{ name, value: configText(definition.default), source: CONFIG_SOURCE.DEFAULT }];
  const value = own[name];
  if (value === undefined) return firstOf(ofBroker, definition);
  return firstOf([{ name, value, source: CONFIG_SOURCE.DYNAMIC_GROUP }, ...ofBroker], definition);
}

/** Every key of groups, those that Kafka does not show among them. */
export const groupDefinitions = (): ConfigDefinitions => sorted({ ...readKeys(GROUP_KEYS), ...GROUP_CONFIG });
