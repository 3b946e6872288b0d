import { SUPPORTED_FEATURES } from '../metadata/features.ts';
import { oldestVersion } from '../protocol/api-ranges.ts';
import type { ApiVersionsResponse, ApiVersionsResponseApiKey } from '../protocol/api-versions.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { APIS, type ApiName } from '../protocol/message.ts';
import type { Broker } from './broker-memory.ts';
import { respond, type Incoming } from './requests.ts';

/** What the software of a client calls itself must look like this from version 3 on (KIP-511). */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;
const NAMES_SOFTWARE = 3;
/** Clients before this version cannot read a feature that may be at level 0. */
const READS_LEVEL_0 = 4;
/** A bug of librdkafka asks for an answer that begins at 0, which is not served (KAFKA-18659). */
const PRODUCE_FROM = 0;

/** What only controllers are asked (`listeners` of Kafka's requests). */
const OF_CONTROLLERS = [
  'Vote',
  'BeginQuorumEpoch',
  'EndQuorumEpoch',
  'AlterPartition',
  'AssignReplicasToDirs',
  'Envelope',
  'FetchSnapshot',
  'BrokerRegistration',
  'BrokerHeartbeat',
  'AllocateProducerIds',
] as const satisfies readonly ApiName[];

export type ControllerApi = (typeof OF_CONTROLLERS)[number];

const isOfBrokers = (api: ApiName): boolean => !(OF_CONTROLLERS as readonly ApiName[]).includes(api);

const NOTHING: Omit<ApiVersionsResponse, 'errorCode' | 'apiKeys'> = {
  throttleTimeMs: 0,
  supportedFeatures: [],
  finalizedFeaturesEpoch: -1,
  finalizedFeatures: [],
  zkMigrationReady: false,
};

/** Which requests are taken in which versions, and the levels of the features of this software and of the cluster. */
export function handleApiVersions(broker: Broker, incoming: Incoming<'ApiVersions'>): void {
  const errorCode = problemOf(broker, incoming);
  const refusal = { ...NOTHING, errorCode, apiKeys: errorCode === NONE ? [] : refusalKeys(errorCode) };
  const response = errorCode === NONE ? capabilities(broker, incoming.version) : refusal;
  respond<'ApiVersions'>(broker, incoming.token, response);
}

const refusalKeys = (errorCode: number): ApiVersionsResponseApiKey[] =>
  errorCode === ERROR_CODES.UNSUPPORTED_VERSION ? [rangeOf('ApiVersions')] : [];

function problemOf({ memory }: Broker, { version, body }: Incoming<'ApiVersions'>): number {
  if (version < 0 || version > APIS.ApiVersions.version) return ERROR_CODES.UNSUPPORTED_VERSION;
  const { clientSoftwareName, clientSoftwareVersion, clusterId, nodeId } = body;
  const isNamed = [clientSoftwareName, clientSoftwareVersion].every((text) => SOFTWARE.test(text));
  if (version >= NAMES_SOFTWARE && !isNamed) return ERROR_CODES.INVALID_REQUEST;
  const { settings } = memory;
  const isMeant =
    (clusterId === null || clusterId === settings.clusterId) && (nodeId < 0 || nodeId === settings.brokerId);
  return isMeant ? NONE : ERROR_CODES.REBOOTSTRAP_REQUIRED;
}

function capabilities({ memory: { image } }: Broker, version: number): ApiVersionsResponse {
  const supported = Object.entries(SUPPORTED_FEATURES);
  return {
    ...NOTHING,
    errorCode: NONE,
    apiKeys: (Object.keys(APIS) as ApiName[])
      .filter(isOfBrokers)
      .map(rangeOf)
      .sort((a, b) => a.apiKey - b.apiKey),
    supportedFeatures: supported
      .filter(([, { min }]) => min > 0 || version >= READS_LEVEL_0)
      .map(([name, { min, max }]) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: image.offset,
    finalizedFeatures: [...image.features].map(([name, level]) => ({
      name,
      maxVersionLevel: level,
      minVersionLevel: level,
    })),
  };
}

const rangeOf = (api: ApiName): ApiVersionsResponseApiKey => ({
  apiKey: APIS[api].key,
  minVersion: api === 'Produce' ? PRODUCE_FROM : oldestVersion(api),
  maxVersion: APIS[api].version,
});
