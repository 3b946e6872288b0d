import { findCoordinators } from '../coordinator/find-coordinator.ts';
import { handleGroupRequest } from '../coordinator/group/group-coordinator.ts';
import { partitionForGroup, type GroupApi, type GroupRequest } from '../coordinator/group/group-request.ts';
import { isAlive } from '../metadata/metadata-image.ts';
import type { RequestBody } from '../protocol/message.ts';
import { createTopicAutomatically } from './auto-topic-creation.ts';
import type { Broker } from './broker-memory.ts';
import { hostOf } from './coordinator-bridge.ts';
import { COORDINATOR_TOPIC } from './coordinator-topic.ts';
import { endpointOf } from './metadata-response.ts';
import { respond, type Incoming } from './requests.ts';

const GROUP_KEY = 0;

/** Says which broker coordinates a group. The first who asks causes `__consumer_offsets` to be made. */
export function handleFindCoordinator(broker: Broker, { token, body }: Incoming<'FindCoordinator'>): void {
  const { memory } = broker;
  const topic = memory.image.topics.get(COORDINATOR_TOPIC);
  if (topic === undefined && body.keyType === GROUP_KEY) createTopicAutomatically(broker, COORDINATOR_TOPIC);
  const response = findCoordinators(body, (key, keyType) => {
    if (topic === undefined || keyType !== GROUP_KEY) return undefined;
    const leader = topic.partitions[partitionForGroup(key, topic.partitions.length)]?.leader;
    return leader === undefined || !isAlive(memory.image, leader) ? undefined : endpointOf(memory, leader);
  });
  respond<'FindCoordinator'>(broker, token, response);
}

/** Hands a request to the group coordinator, which answers through its host. */
export function handleGroupApi<A extends GroupApi>(broker: Broker, api: A, incoming: Incoming<A>): void {
  const { token, version, clientId, connection } = incoming;
  const body: RequestBody<A> = incoming.body;
  const clientHost = `/${broker.context.peer(connection) ?? 'unknown'}`;
  const request = { token, api, version, clientId, clientHost, body } as unknown as GroupRequest;
  handleGroupRequest(broker.memory.coordinator, hostOf(broker), request);
}
