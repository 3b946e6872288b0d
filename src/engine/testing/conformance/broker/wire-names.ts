import { isObject, listOf, numberOf, objectOf, type Json, type JsonObject } from '../case-file.ts';
import { upgradeRequest, downgradeResponse } from '../../group-requests/wire-versions.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import { downgradeAdminResponse, isAdminApi, upgradeAdminRequest } from './admin-versions.ts';
import { batchesFrom, batchesToJson } from './record-batch-json.ts';
import { downgradeTransactionResponse, upgradeTransactionRequest } from './transaction-versions.ts';

/** Stands for the id of a topic that is not there. */
const idOfNone = (name: string): string => `none:${name}`;
/** Produce and Fetch name topics by id from this version on. */
const NAMES_BY_ID = 13;
/** Fetch says as which replica it comes in a structure of its own from this version on. */
const REPLICA_STATE = 15;

/** Names and ids of the topics that a script has come across. */
export interface TopicIds {
  readonly byName: ReadonlyMap<string, string>;
}

type Api = Parameters<typeof upgradeRequest>[0];

/** APIs that only know one version, or whose older versions are known. */
const TRANSACTIONS: readonly string[] = [
  'InitProducerId',
  'AddPartitionsToTxn',
  'AddOffsetsToTxn',
  'EndTxn',
  'WriteTxnMarkers',
  'TxnOffsetCommit',
  'DescribeTransactions',
  'ListTransactions',
];

/** A recorded request of any version as this engine's messages have it: topics by id, batches as objects. */
export function requestFrom(api: string, version: number, written: JsonObject, ids: TopicIds): JsonObject {
  if (TRANSACTIONS.includes(api)) return upgradeTransactionRequest(api, version, written);
  if (isAdminApi(api)) return upgradeAdminRequest(api, version, written);
  switch (api) {
    case 'Produce':
      return { ...written, topicData: mapTopics(written.topicData, ids, produceTopic) };
    case 'Fetch':
      return fetchRequest(version, written);
    case 'ListOffsets':
      return { isolationLevel: 0, timeoutMs: 0, ...written, topics: listOf(written.topics, 'topics').map(listTopic) };
    default:
      return upgradeRequest(api as Api, version, written);
  }
}

function mapTopics(written: Json | undefined, ids: TopicIds, map: (topic: JsonObject) => JsonObject): Json[] {
  return listOf(written, 'topics').map((item) => {
    const { name, ...rest } = objectOf(item, 'topic');
    const topicId = typeof name === 'string' ? (ids.byName.get(name) ?? idOfNone(name)) : rest.topicId;
    return map({ ...rest, topicId });
  });
}

const produceTopic = (topic: JsonObject): JsonObject => ({
  ...topic,
  partitionData: listOf(topic.partitionData, 'partitionData').map((data) => {
    const { index, records } = objectOf(data, 'partition');
    return { index, records: (records === null ? null : batchesFrom(records ?? [])) as unknown as Json };
  }),
});

function fetchRequest(version: number, written: JsonObject): JsonObject {
  const { replicaId, ...rest } = written;
  const partitions = (topic: JsonObject): JsonObject => ({
    ...topic,
    partitions: listOf(topic.partitions, 'partitions').map((partition) => ({
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      ...objectOf(partition, 'partition'),
    })),
  });
  const defaults = { sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [], rackId: '', isolationLevel: 0 };
  const replica =
    version >= REPLICA_STATE ? {} : { replicaState: { replicaId: numberOf(replicaId, 'replicaId'), replicaEpoch: -1 } };
  const topics = listOf(written.topics, 'topics').map((topic) => partitions(withId(topic)));
  const forgotten = listOf(rest.forgottenTopicsData ?? [], 'forgottenTopicsData').map(withId);
  return { ...defaults, ...rest, ...replica, topics, forgottenTopicsData: forgotten };
}

/** Versions that name topics by name have no ids. */
const withId = (written: Json): JsonObject => ({ topicId: ZERO_UUID, ...objectOf(written, 'topic') });

function listTopic(written: Json): JsonObject {
  const topic = objectOf(written, 'topic');
  const partitions = listOf(topic.partitions, 'partitions').map((partition) => ({
    currentLeaderEpoch: -1,
    ...objectOf(partition, 'partition'),
  }));
  return { ...topic, partitions };
}

/** An answer as the version of its request carries it. Names that nobody has stand for the unknown id. */
export function responseTo(
  api: string,
  version: number,
  answer: JsonObject,
  asked: { readonly written: JsonObject; readonly ids: TopicIds },
): JsonObject {
  const { written, ids } = asked;
  if (api === 'Produce') return withNames(answer, version, namesOf(written.topicData, ids));
  if (api === 'Fetch') return withRecords(answer);
  if (TRANSACTIONS.includes(api)) return downgradeTransactionResponse(api, version, answer);
  if (isAdminApi(api)) return downgradeAdminResponse(api, version, answer, written);
  return downgradeResponse(api as Api, version, answer);
}

type Names = ReadonlyMap<Json | undefined, string>;

function namesOf(asked: Json | undefined, ids: TopicIds): Names {
  const byId = new Map<Json | undefined, string>([...ids.byName].map(([name, id]) => [id, name]));
  for (const topic of listOf(asked, 'topics')) {
    const name = objectOf(topic, 'topic').name;
    if (typeof name === 'string' && !ids.byName.has(name)) byId.set(idOfNone(name), name);
  }
  return byId;
}

function withNames(answer: JsonObject, version: number, byId: Names): JsonObject {
  if (version >= NAMES_BY_ID) return answer;
  const responses = listOf(answer.responses, 'responses').map((response) => {
    const topic = objectOf(response, 'response');
    return { ...topic, name: byId.get(topic.topicId) };
  });
  return { ...answer, responses };
}

const withRecords = (answer: JsonObject): JsonObject => ({
  ...answer,
  responses: listOf(answer.responses, 'responses').map((response) => {
    const topic = objectOf(response, 'response');
    return { ...topic, partitions: listOf(topic.partitions, 'partitions').map(withBatches) };
  }),
});

function withBatches(written: Json): Json {
  if (!isObject(written)) return written;
  const batches = written.records as unknown as Parameters<typeof batchesToJson>[0] | null;
  return { ...written, records: batches === null ? null : batchesToJson(batches) };
}
