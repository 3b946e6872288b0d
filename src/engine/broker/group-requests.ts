import { javaHashBucket } from '../base/java-hash-code.ts';
import { heartbeatError } from '../coordinator/consumer-group/consumer-group-heartbeat.ts';
import { COORDINATOR_TYPE, findCoordinators } from '../coordinator/find-coordinator.ts';
import { handleGroupRequest } from '../coordinator/group/group-coordinator.ts';
import { type GroupApi, type GroupRequest } from '../coordinator/group/group-request.ts';
import { isAlive } from '../metadata/metadata-image.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { RequestBody } from '../protocol/message.ts';
import { createTopicAutomatically } from './auto-topic-creation.ts';
import type { Broker } from './broker-memory.ts';
import { hostOf } from './coordinator-bridge.ts';
import { COORDINATOR_TOPIC, SHARE_STATE_TOPIC, TRANSACTION_TOPIC } from './coordinator-topic.ts';
import { endpointOf } from './metadata-response.ts';
import { respond, type Incoming } from './requests.ts';

/** The feature that the consumer protocol needs. */
const GROUP_VERSION = 'group.version';

/** Where the coordinators of each type of key keep what they know. */
const TOPICS: Readonly<Record<number, string>> = {
  [COORDINATOR_TYPE.GROUP]: COORDINATOR_TOPIC,
  [COORDINATOR_TYPE.TRANSACTION]: TRANSACTION_TOPIC,
  [COORDINATOR_TYPE.SHARE]: SHARE_STATE_TOPIC,
};

/** Says which broker coordinates a group or a transactional id. The first who asks causes their topic to be made. */
export function handleFindCoordinator(broker: Broker, { token, body }: Incoming<'FindCoordinator'>): void {
  const { memory } = broker;
  const name = TOPICS[body.keyType];
  const topic = name === undefined ? undefined : memory.image.topics.get(name);
  if (topic === undefined && name !== undefined) createTopicAutomatically(broker, name);
  const response = findCoordinators(body, (key) => {
    if (topic === undefined) return undefined;
    const leader = topic.partitions[javaHashBucket(key, topic.partitions.length)]?.leader;
    return leader === undefined || !isAlive(memory.image, leader) ? undefined : endpointOf(memory, leader);
  });
  respond<'FindCoordinator'>(broker, token, response);
}

/** A request as the group coordinator sees it. */
export function groupRequestOf<A extends GroupApi>(
  broker: Broker,
  api: A,
  incoming: Incoming<A>,
): GroupRequest {
  const { token, version, clientId, connection } = incoming;
  const body: RequestBody<A> = incoming.body;
  const clientHost = `/${broker.context.peer(connection) ?? 'unknown'}`;
  return { token, api, version, clientId, clientHost, body } as unknown as GroupRequest;
}

/** Hands a request to the group coordinator, which answers through its host; `guard` is of a verified transaction. */
export function handleGroupApi<A extends GroupApi>(
  broker: Broker,
  api: A,
  incoming: Incoming<A>,
  guard?: number,
): void {
  const { features } = broker.memory.image;
  if (api === 'ConsumerGroupHeartbeat' && (features.get(GROUP_VERSION) ?? 0) === 0) {
    const refusal = heartbeatError(ERROR_CODES.UNSUPPORTED_VERSION);
    respond<'ConsumerGroupHeartbeat'>(broker, incoming.token, refusal);
    return;
  }
  const request = groupRequestOf(broker, api, incoming);
  handleGroupRequest(broker.memory.coordinator, hostOf(broker, guard), request);
}
