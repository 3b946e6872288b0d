import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { BROKER_KEYS } from '../api/config/known-keys/broker-keys.ts';
import { readKeys } from '../api/config/known-keys/read-keys.ts';
import { topicDefinitions } from '../api/config/topic-values.ts';
import { brokerNode } from '../api/ids.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { configResource, groupOverrides, topicOverrides } from '../metadata/metadata-image.ts';
import { CONFIG_RESOURCE, type ConfigRecord } from '../metadata/metadata-record.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { AlterConfigsRequest, AlterConfigsResponse } from '../protocol/alter-configs.ts';
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsRequestConfig,
  IncrementalAlterConfigsRequestResource,
  IncrementalAlterConfigsResponse,
} from '../protocol/incremental-alter-configs.ts';
import { configText, type ConfigDefinition } from '../api/config/config-key.ts';
import { configProblem, topicConfigProblem } from './config-validation.ts';
import { groupConfigProblem } from './group-config-validation.ts';
import { isElrEnabled } from './leadership.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import type { ApiError } from './api-error.ts';
import { topicNameProblem } from '../metadata/topic-name.ts';

/** `AlterConfigOp.OpType`. */
const OP = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;

const FINE: ApiError = { errorCode: NONE, errorMessage: null };

/** Changes dynamic configuration, each resource as a whole or not at all (`incrementalAlterConfigs`). */
export function incrementalAlterConfigs(
  cluster: Cluster,
  request: IncrementalAlterConfigsRequest,
): Decision<IncrementalAlterConfigsResponse> {
  const records: ConfigRecord[] = [];
  const twice = new Set(repeated(request.resources.map(keyOf)));
  const responses = request.resources.map((resource) => {
    const { resourceType, resourceName } = resource;
    const changes = configChanges(cluster, resource);
    const error = twice.has(keyOf(resource))
      ? badRequest('Each resource must appear at most once.')
      : (resourceProblem(resource) ??
        changesProblem(cluster, resource, changes) ??
        existenceProblem(cluster, resource));
    if (error === undefined) records.push(...changes);
    return { ...(error ?? FINE), resourceType, resourceName };
  });
  const response = { throttleTimeMs: 0, responses };
  if (request.validateOnly) return answer(response);
  return { records, facts: records.map(factOf), response };
}

/** Replaces all that a resource has: what is not named goes back to its default (`legacyAlterConfigs`). */
export function alterConfigs(
  cluster: Cluster,
  { resources, validateOnly }: AlterConfigsRequest,
): Decision<AlterConfigsResponse> {
  const changes = resources.map(({ resourceType, resourceName, configs }) => {
    const present = cluster.image.configs.get(configResource(resourceType, resourceName)) ?? {};
    const named = new Set(configs.map(({ name }) => name));
    const left = Object.keys(present).filter((name) => !named.has(name));
    return {
      resourceType,
      resourceName,
      configs: [
        ...configs.map((config) => ({ ...config, configOperation: OP.SET })),
        ...left.sort().map((name) => ({ name, value: null, configOperation: OP.DELETE })),
      ],
    };
  });
  return incrementalAlterConfigs(cluster, { resources: changes, validateOnly });
}

function factOf({ resourceType, resourceName, name: key, value }: ConfigRecord): TraceEventData {
  const isBroker = resourceType === CONFIG_RESOURCE.BROKER;
  const target = !isBroker
    ? resourceName
    : resourceName === ''
      ? 'brokers'
      : brokerNode(Number(resourceName));
  return { type: 'config-changed', target, key, value };
}

const problem = (errorCode: number, errorMessage: string | null): ApiError => ({ errorCode, errorMessage });

const badRequest = (errorMessage: string): ApiError => problem(ERROR_CODES.INVALID_REQUEST, errorMessage);

function resourceProblem(resource: IncrementalAlterConfigsRequestResource): ApiError | undefined {
  const { configs, resourceType, resourceName } = resource;
  const names = configs.map((config) => config.name);
  if (repeated(names).length > 0)
    return badRequest('Error due to duplicate config keys for resource ' + resourceName);
  if (configs.some(({ configOperation, value }) => configOperation !== OP.DELETE && value === null))
    return badRequest('Null value not supported for : ' + names.join(','));
  if (!configs.every(({ configOperation }) => Object.values<number>(OP).includes(configOperation)))
    return problem(ERROR_CODES.UNKNOWN_SERVER_ERROR, null);
  if (resourceType === CONFIG_RESOURCE.TOPIC) return topicProblem(resourceName);
  if (resourceType === CONFIG_RESOURCE.BROKER) return brokerProblem(resourceName);
  if (resourceType === CONFIG_RESOURCE.GROUP)
    return resourceName === '' ? badRequest('Default group resources are not allowed.') : undefined;
  return badRequest(`Unknown resource type ${resourceType}`);
}

const keyOf = ({ resourceType, resourceName }: IncrementalAlterConfigsRequestResource): string =>
  configResource(resourceType, resourceName);

const repeated = (texts: readonly string[]): string[] => texts.filter((text, i) => texts.indexOf(text) !== i);

function topicProblem(name: string): ApiError | undefined {
  if (name === '') return badRequest('Default topic resources are not allowed.');
  const invalid = topicNameProblem(name);
  return invalid === undefined ? undefined : problem(ERROR_CODES.INVALID_TOPIC_EXCEPTION, invalid);
}

const brokerProblem = (name: string): ApiError | undefined =>
  name === '' || /^\d{1,9}$/.test(name)
    ? undefined
    : badRequest('Unable to parse broker name as a base 10 number.');

/** Whether there is such a topic or broker is looked at last, when its values are known to be good. */
function existenceProblem(
  { image }: Cluster,
  { resourceType, resourceName: name }: IncrementalAlterConfigsRequestResource,
): ApiError | undefined {
  if (resourceType === CONFIG_RESOURCE.TOPIC)
    return image.topics.has(name)
      ? undefined
      : problem(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`);
  if (resourceType !== CONFIG_RESOURCE.BROKER) return undefined;
  if (name === '' || image.brokers.has(Number(name))) return undefined;
  return problem(ERROR_CODES.BROKER_ID_NOT_REGISTERED, `No broker with id ${name} found.`);
}

/** The records for what changes. A broker's value is written even if it is the same, as Kafka does. */
function configChanges(cluster: Cluster, resource: IncrementalAlterConfigsRequestResource): ConfigRecord[] {
  const { resourceType, resourceName, configs } = resource;
  const present = cluster.image.configs.get(configResource(resourceType, resourceName)) ?? {};
  return configs.flatMap((config) => {
    const value = newValue(config, present[config.name]);
    const same = value === (present[config.name] ?? null) && resourceType !== CONFIG_RESOURCE.BROKER;
    return same ? [] : [{ type: 'ConfigRecord', resourceType, resourceName, name: config.name, value }];
  });
}

function newValue(
  { name, configOperation, value }: IncrementalAlterConfigsRequestConfig,
  present: string | undefined,
): string | null {
  if (configOperation === OP.SET) return value;
  if (configOperation === OP.DELETE || value === null) return null;
  const list = (present ?? defaultOf(name)).split(',').filter((item) => item !== '');
  const items = value.split(',');
  const kept = configOperation === OP.APPEND ? list : list.filter((item) => !items.includes(item));
  return [...new Set(configOperation === OP.APPEND ? [...kept, ...items] : kept)].join(',');
}

/** Whether items may be appended to its value. */
const isList = (name: string): boolean => topicDefinition(name)?.type === 'LIST';

const defaultOf = (name: string): string => {
  const definition = topicDefinition(name);
  return definition === undefined ? '' : configText(definition.default);
};

function topicDefinition(name: string): ConfigDefinition | undefined {
  const definitions = topicDefinitions();
  return Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

function changesProblem(
  cluster: Cluster,
  resource: IncrementalAlterConfigsRequestResource,
  changes: readonly ConfigRecord[],
): ApiError | undefined {
  const notList = resource.configs.find(
    ({ name, configOperation }) => configOperation >= OP.APPEND && !isList(name),
  );
  if (notList !== undefined) {
    const verb = notList.configOperation === OP.APPEND ? 'APPEND' : 'SUBTRACT';
    const text = `Can't ${verb} to key ${notList.name} because its type is not LIST.`;
    return problem(ERROR_CODES.INVALID_CONFIG, text);
  }
  if (resource.resourceType !== CONFIG_RESOURCE.BROKER) return togetherProblem(cluster, resource, changes);
  return changes.map((change) => brokerChangeProblem(cluster, change)).find(Boolean);
}

/** The values of a topic or a group are looked at together, as they will be. */
function togetherProblem(
  { image, config }: Cluster,
  { resourceType, resourceName }: IncrementalAlterConfigsRequestResource,
  changes: readonly ConfigRecord[],
): ApiError | undefined {
  const isGroup = resourceType === CONFIG_RESOURCE.GROUP;
  const present = isGroup ? groupOverrides(image, resourceName) : topicOverrides(image, resourceName);
  const values: Record<string, string> = { ...present };
  for (const { name, value } of changes)
    if (value === null) delete values[name];
    else values[name] = value;
  const text = isGroup ? groupConfigProblem(values, config) : topicConfigProblem(values);
  return text === undefined ? undefined : problem(ERROR_CODES.INVALID_CONFIG, text);
}

/** With eligible leader replicas all must agree on `min.insync.replicas`, so it is a matter of the whole cluster. */
function brokerChangeProblem(cluster: Cluster, change: ConfigRecord): ApiError | undefined {
  const { name, value, resourceName } = change;
  if (name === 'min.insync.replicas' && isElrEnabled(cluster)) {
    if (resourceName !== '')
      return problem(
        ERROR_CODES.INVALID_CONFIG,
        'Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
      );
    if (value === null)
      return problem(
        ERROR_CODES.INVALID_CONFIG,
        'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
      );
  }
  if (Object.hasOwn(BROKER_CONFIG, name) && !isDynamic(name))
    return badRequest(`Cannot update these configs dynamically: Set(${name})`);
  // Of keys that are not its own Kafka thinks that some plugin knows them.
  if (value === null || !isBrokerKey(name)) return undefined;
  const text = configProblem(BROKER_CONFIG, name, value);
  return text === undefined ? undefined : badRequest(text);
}

const isBrokerKey = (name: string): boolean =>
  Object.hasOwn(BROKER_CONFIG, name) || Object.hasOwn(readKeys(BROKER_KEYS), name);

const isDynamic = (name: string): boolean =>
  BROKER_CONFIG[name as keyof typeof BROKER_CONFIG].update === 'dynamic';
