import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { configText, parseConfigValue } from '../api/config/config-key.ts';
import { BROKER_KEYS } from '../api/config/known-keys/broker-keys.ts';
import { readKeys } from '../api/config/known-keys/read-keys.ts';
import type {
  ConfigDefinition,
  ConfigKey,
  ConfigOverrides,
  ConfigTable,
  ConfigType,
} from '../api/config/config-key.ts';
import { javaDouble } from '../api/config/config-type.ts';
import { groupDefinitions, groupValue } from '../api/config/group-values.ts';
import {
  brokerValue,
  CONFIG_SOURCE,
  shownTopicDefinitions,
  topicValue,
  type BrokerOverrides,
  type EffectiveValue,
} from '../api/config/topic-values.ts';
import { err, ok, type Result } from '../base/result.ts';
import { brokerOverrides, groupOverrides, topicOverrides } from '../metadata/metadata-image.ts';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import { topicNameProblem } from '../metadata/topic-name.ts';
import type {
  DescribeConfigsRequestResource,
  DescribeConfigsResponseConfig,
} from '../protocol/describe-configs.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { respond, type Incoming } from './requests.ts';

/** `DescribeConfigsResponse.ConfigType`. */
const CONFIG_TYPE: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
};

interface Problem {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

type Configs = Result<readonly DescribeConfigsResponseConfig[], Problem>;

/** Tells what holds for topics and for this broker, and where each value comes from (`ConfigHelper.describeConfigs`). */
export function handleDescribeConfigs(broker: Broker, { token, body }: Incoming<'DescribeConfigs'>): void {
  const results = body.resources.map((resource) => {
    const { resourceType, resourceName, configurationKeys } = resource;
    const described = describe(broker, resource);
    if (!described.ok) return { ...described.error, resourceType, resourceName, configs: [] };
    const keys = configurationKeys ?? [];
    const configs = described.value
      .filter(({ name }) => keys.length === 0 || keys.includes(name))
      .map((config) => (body.includeSynonyms ? config : { ...config, synonyms: [] }));
    return { errorCode: NONE, errorMessage: null, resourceType, resourceName, configs };
  });
  respond<'DescribeConfigs'>(broker, token, { throttleTimeMs: 0, results });
}

function describe(broker: Broker, { resourceType, resourceName }: DescribeConfigsRequestResource): Configs {
  if (resourceType === CONFIG_RESOURCE.TOPIC) return ofTopic(broker, resourceName);
  if (resourceType === CONFIG_RESOURCE.BROKER)
    return resourceName === '' ? ok(ofAllBrokers(broker)) : ofBroker(broker, resourceName);
  if (resourceType === CONFIG_RESOURCE.GROUP) return ofGroup(broker, resourceName);
  return badRequest(`Unsupported resource type: ${resourceType}`);
}

const badRequest = (errorMessage: string): Configs =>
  err({ errorCode: ERROR_CODES.INVALID_REQUEST, errorMessage });

function ofTopic({ memory }: Broker, topic: string): Configs {
  const invalid = topicNameProblem(topic);
  if (invalid !== undefined)
    return err({ errorCode: ERROR_CODES.INVALID_TOPIC_EXCEPTION, errorMessage: invalid });
  if (!memory.image.topics.has(topic))
    return err({ errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: null });
  const set = overridesOf(memory);
  const own = topicOverrides(memory.image, topic);
  const entries = Object.entries(shownTopicDefinitions(own)).map(([name, definition]) => {
    const written = own[name];
    const read = written === undefined ? {} : { [name]: asRead(name, definition, written) };
    return entry(name, definition, topicValue(set, read, name, definition));
  });
  return ok(entries);
}

/** A value as Kafka writes down what it has read, not as it was written (`ConfigDef.convertToString`). */
function asRead(name: string, definition: ConfigDefinition, written: string): string {
  const parsed = parseConfigValue(name, definition, written);
  if (!parsed.ok) return written;
  return definition.type === 'DOUBLE' ? javaDouble(Number(parsed.value)) : configText(parsed.value);
}

/** A group's keys, whether there is such a group or not; those that Kafka keeps to itself are shown once they are set. */
function ofGroup({ memory }: Broker, groupId: string): Configs {
  if (groupId === '') return badRequest('Group name must not be empty');
  const set = overridesOf(memory);
  const own = groupOverrides(memory.image, groupId);
  const entries = Object.entries(groupDefinitions())
    .filter(([name]) => !INTERNAL.includes(name) || Object.hasOwn(own, name))
    .map(([name, definition]) => entry(name, definition, groupValue(set, own, name, definition)));
  return ok(entries);
}

/** `GroupConfig.isInternal`. */
const INTERNAL: readonly string[] = [
  'consumer.assignor.offload.enable',
  'share.assignor.offload.enable',
  'streams.acceptable.recovery.lag',
  'streams.assignor.offload.enable',
  'streams.num.warmup.replicas',
  'streams.task.offset.interval.ms',
];

/** The keys that this model has; Kafka shows the others too. */
function ofBroker({ memory }: Broker, name: string): Configs {
  if (!/^[+-]?\d{1,9}$/.test(name)) return badRequest(`Broker id must be an integer, but it is: ${name}`);
  const { brokerId } = memory.settings;
  if (Number(name) !== brokerId)
    return badRequest(`Unexpected broker id, expected ${brokerId} or empty string, but received ${name}`);
  const set = overridesOf(memory);
  const entries = Object.entries<ConfigKey>(BROKER_CONFIG).map(([key, definition]) => ({
    ...entry(key, definition, brokerValue(set, key, definition)),
    readOnly: definition.update !== 'dynamic',
  }));
  return ok([...entries.filter(isShown), ...foreignEntries([set.forThis, OF_THIS], [set.forAll, OF_ALL])]);
}

const OF_THIS = CONFIG_SOURCE.DYNAMIC_BROKER;
const OF_ALL = CONFIG_SOURCE.DYNAMIC_DEFAULT_BROKER;
/** `ConfigType.UNKNOWN`. */
const UNKNOWN_TYPE = 0;

/** Keys that nobody knows were given by somebody who does: what they say might be a secret (`ConfigHelper`). */
function foreignEntries(
  ...levels: readonly (readonly [ConfigOverrides, number])[]
): DescribeConfigsResponseConfig[] {
  const names = new Set(levels.flatMap(([given]) => Object.keys(given)));
  return [...names]
    .filter((name) => !isBrokerKey(name))
    .sort()
    .map((name) => {
      const sources = levels.flatMap(([given, source]) => (Object.hasOwn(given, name) ? [source] : []));
      return {
        name,
        value: null,
        readOnly: true,
        configSource: sources[0] ?? CONFIG_SOURCE.DEFAULT,
        isSensitive: true,
        synonyms: sources.map((source) => ({ name, value: null, source })),
        configType: UNKNOWN_TYPE,
        documentation: null,
      };
    });
}

const isBrokerKey = (name: string): boolean =>
  Object.hasOwn(BROKER_CONFIG, name) || Object.hasOwn(readKeys(BROKER_KEYS), name);

/** A key that is only ever set while a broker runs is not among its keys before it is set. */
const isShown = ({ name, configSource }: DescribeConfigsResponseConfig): boolean =>
  configSource !== CONFIG_SOURCE.DEFAULT || (BROKER_CONFIG as ConfigTable)[name]?.onlyDynamic !== true;

/** What is set for all brokers at once. */
function ofAllBrokers({ memory: { image } }: Broker): DescribeConfigsResponseConfig[] {
  const source = OF_ALL;
  const given = brokerOverrides(image, null);
  const known = Object.entries(given).flatMap(([name, value]) => {
    const definition = (BROKER_CONFIG as ConfigTable)[name];
    if (definition === undefined) return [];
    return [entry(name, definition, { value, source, synonyms: [{ name, value, source }] })];
  });
  return [...known, ...foreignEntries([given, source])];
}

const overridesOf = ({ image, settings }: BrokerMemory): BrokerOverrides => ({
  forAll: brokerOverrides(image, null),
  forThis: brokerOverrides(image, settings.brokerId),
  inFile: settings.overrides,
});

const entry = (
  name: string,
  { type }: ConfigDefinition,
  { value, source, synonyms }: EffectiveValue,
): DescribeConfigsResponseConfig => ({
  name,
  value,
  readOnly: false,
  configSource: source,
  isSensitive: false,
  synonyms,
  configType: CONFIG_TYPE[type],
  documentation: null,
});
