import { configResource, type MetadataImage } from '../metadata/metadata-image.ts';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { ListConfigResourcesResponseResource } from '../protocol/list-config-resources.ts';
import type { Broker } from './broker-memory.ts';
import { respond, type Incoming } from './requests.ts';

/** `ConfigResource.Type`; of loggers and metrics there are none here. */
const TYPE = { ...CONFIG_RESOURCE, BROKER_LOGGER: 8, CLIENT_METRICS: 16 } as const;
/** Version 0 knows nothing but the metrics of clients (KIP-1142). */
const KNOWS_TYPES = 1;

/** Names what can be configured. */
export function handleListConfigResources(
  { memory, context }: Broker,
  { token, version, body }: Incoming<'ListConfigResources'>,
): void {
  const all = Object.values<number>(TYPE);
  const asked = body.resourceTypes.length === 0 ? all : body.resourceTypes;
  const types = version < KNOWS_TYPES ? [] : [...new Set(asked)];
  const isKnown = types.every((type) => all.includes(type));
  const { brokers, topics } = memory.image;
  const named = (resourceType: number, names: readonly (string | number)[]) =>
    names.map((name): ListConfigResourcesResponseResource => ({ resourceName: `${name}`, resourceType }));
  const configResources = types.flatMap((type) => {
    if (type === TYPE.TOPIC) return named(type, [...topics.keys()]);
    if (type === TYPE.GROUP) return named(type, configuredGroups(memory.image));
    return type === TYPE.BROKER || type === TYPE.BROKER_LOGGER ? named(type, [...brokers.keys()]) : [];
  });
  respond<'ListConfigResources'>({ memory, context }, token, {
    throttleTimeMs: 0,
    errorCode: isKnown ? NONE : ERROR_CODES.UNSUPPORTED_VERSION,
    configResources: isKnown ? configResources : [],
  });
}

/** A group is listed for what it has set, whether there is one or not. */
const configuredGroups = ({ configs }: MetadataImage): string[] =>
  [...configs].flatMap(([resource, entries]) => {
    const prefix = configResource(CONFIG_RESOURCE.GROUP, '');
    const isSet = resource.startsWith(prefix) && Object.keys(entries).length > 0;
    return isSet ? [resource.slice(prefix.length)] : [];
  });
