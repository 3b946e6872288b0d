import { CLUSTER_OPERATIONS, NO_OPERATIONS } from '../../../protocol/authorized-operations.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import { listOf, objectOf, type Json, type JsonObject } from '../case-file.ts';

/** APIs for clients and operators whose older versions differ from the newest. */
const APIS: readonly string[] = [
  'FindCoordinator',
  'Metadata',
  'DeleteTopics',
  'ElectLeaders',
  'ApiVersions',
  'DescribeCluster',
  'ListConfigResources',
  'UpdateFeatures',
];

/** Defaults of fields that old versions of a request lack. */
const DEFAULTS: Readonly<Record<string, JsonObject>> = {
  ApiVersions: { clientSoftwareName: '', clientSoftwareVersion: '', clusterId: null, nodeId: -1 },
  DescribeCluster: { endpointType: 1, includeFencedBrokers: false },
  ListConfigResources: { resourceTypes: [] },
  UpdateFeatures: { timeoutMs: 60_000, validateOnly: false },
};
/** From this version on an update of a feature says which way it goes. */
const NAMES_UPGRADE_TYPE = 1;
const UPGRADE_TYPE = { UPGRADE: 1, SAFE_DOWNGRADE: 2 } as const;

/** FindCoordinator asks for several keys at once from this version on. */
const SEVERAL_KEYS = 4;
/** DeleteTopics may name topics by id from this version on. */
const TOPICS_BY_ID = 6;
/** Before this version Metadata always makes what is not there. */
const ASKS_TO_CREATE = 4;
/** In this version of Metadata no topics are all topics. */
const NONE_IS_ALL = 0;
/** Versions of Metadata that tell what may be done to the cluster. */
const TELLS_OPERATIONS: readonly number[] = [8, 9, 10];
const PREFERRED = 0;

export const isAdminApi = (api: string): boolean => APIS.includes(api);

/** A request of any version in the shape of the newest. */
export function upgradeAdminRequest(api: string, version: number, request: JsonObject): JsonObject {
  switch (api) {
    case 'FindCoordinator':
      if (version >= SEVERAL_KEYS) return request;
      return { keyType: request.keyType ?? 0, coordinatorKeys: [request.key ?? null] };
    case 'Metadata':
      return metadataRequest(version, request);
    case 'DeleteTopics':
      if (version >= TOPICS_BY_ID) return request;
      return {
        timeoutMs: request.timeoutMs,
        topics: listOf(request.topicNames, 'topicNames').map((name) => ({ name, topicId: ZERO_UUID })),
      };
    case 'ElectLeaders':
      return { electionType: PREFERRED, ...request };
    case 'UpdateFeatures':
      return { ...DEFAULTS[api], ...request, featureUpdates: featureUpdates(version, request) };
    default:
      return { ...DEFAULTS[api], ...request };
  }
}

const featureUpdates = (version: number, request: JsonObject): Json[] =>
  listOf(request.featureUpdates, 'featureUpdates').map((written) => {
    const { allowDowngrade, ...update } = objectOf(written, 'update');
    const upgradeType = allowDowngrade === true ? UPGRADE_TYPE.SAFE_DOWNGRADE : UPGRADE_TYPE.UPGRADE;
    return version < NAMES_UPGRADE_TYPE ? { ...update, upgradeType } : update;
  });

function metadataRequest(version: number, request: JsonObject): JsonObject {
  const filled = { includeTopicAuthorizedOperations: false, ...request };
  const allowAutoTopicCreation = version < ASKS_TO_CREATE || request.allowAutoTopicCreation;
  const topics = request.topics === null ? null : listOf(request.topics, 'topics').map(withId);
  const isAll = version === NONE_IS_ALL && topics?.length === 0;
  return { ...filled, allowAutoTopicCreation, topics: isAll ? null : topics };
}

const withId = (topic: Json): JsonObject => ({ topicId: ZERO_UUID, ...objectOf(topic, 'topic') });

/** An answer of the newest shape as an older version carries it. Fields that it lacks may stay. */
export function downgradeAdminResponse(
  api: string,
  version: number,
  response: JsonObject,
  request: JsonObject,
): JsonObject {
  if (api === 'FindCoordinator' && version < SEVERAL_KEYS)
    return {
      throttleTimeMs: response.throttleTimeMs,
      ...objectOf(listOf(response.coordinators, 'coordinators')[0], 'coordinator'),
    };
  if (api === 'Metadata' && TELLS_OPERATIONS.includes(version))
    return {
      clusterAuthorizedOperations:
        request.includeClusterAuthorizedOperations === true ? CLUSTER_OPERATIONS : NO_OPERATIONS,
      ...response,
    };
  return response;
}
