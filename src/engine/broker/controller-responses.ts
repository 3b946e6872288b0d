import type { ResponseMessage } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import { onAlterPartition, onAlterPartitionLost } from './alter-partition.ts';
import { publishImage } from './apply-metadata.ts';
import type { Broker } from './broker-memory.ts';
import {
  channelByConnection,
  channelOf,
  resetChannel,
  sendWaiting,
  settleCall,
} from './controller-channel.ts';
import { onAssigned, onAssignmentsLost } from './directory-assignments.ts';
import { onForwarded, onForwardsLost } from './forward.ts';
import { onProducerIds, onProducerIdsLost } from './producer-ids.ts';
import { isServing, onHeartbeat, onRegistered, retryLater } from './lifecycle.ts';
import { onMetadata, onMetadataSnapshot, retryMetadataFetch } from './metadata-follower.ts';

/** The controller answers. */
export function onControllerResponse(
  broker: Broker,
  connection: ConnectionId,
  message: ResponseMessage,
): void {
  const name = channelByConnection(broker.memory, connection);
  if (name === undefined) return;
  if (message.api === 'Envelope') {
    onControllerLost(broker, connection);
    return;
  }
  const call = settleCall(channelOf(broker.memory, name), message);
  if (call === undefined) return;
  if (name === 'metadata') onMetadataAnswer(broker, message);
  else if (name === 'forwarding') onForwarded(broker, call, message);
  else if (message.api === 'AlterPartition') onAlterPartition(broker, message.body);
  else if (message.api === 'AllocateProducerIds') onProducerIds(broker, message.body);
  else if (message.api === 'AssignReplicasToDirs') onAssigned(broker, message.body);
  else if (message.api === 'BrokerRegistration') onRegistered(broker, message.body);
  else if (message.api === 'BrokerHeartbeat') beginServing(broker, () => onHeartbeat(broker, message.body));
}

function onMetadataAnswer(broker: Broker, message: ResponseMessage): void {
  if (message.api === 'Fetch') onMetadata(broker, message.body);
  else if (message.api === 'FetchSnapshot') onMetadataSnapshot(broker, message.body);
  followLeader(broker);
}

/** Who is asked everything but metadata changes with the active controller: what the old one did not answer, is lost. */
function followLeader(broker: Broker): void {
  const { controller, quorum } = broker.memory;
  if (quorum.leaderId < 0) return;
  for (const [name, channel] of controller) {
    if (name === 'metadata') continue;
    if (channel.connection !== 0 && channel.to !== quorum.leaderId)
      onControllerLost(broker, channel.connection);
    sendWaiting(broker, name);
  }
}

/** The moment at which a broker has caught up with the metadata is when it takes up its replicas. */
function beginServing(broker: Broker, onAnswer: () => void): void {
  const before = isServing(broker.memory);
  onAnswer();
  if (!before && isServing(broker.memory)) publishImage(broker);
}

/** A connection is gone, or its other end is not the active controller. Returns whether it was one to a controller. */
export function onControllerLost(broker: Broker, connection: ConnectionId): boolean {
  const name = channelByConnection(broker.memory, connection);
  if (name === undefined) return false;
  const lost = resetChannel(broker, name);
  if (name === 'lifecycle') {
    if (lost.length > 0) retryLater(broker);
  } else if (name === 'metadata') retryMetadataFetch(broker);
  else if (name === 'forwarding') onForwardsLost(broker, lost);
  else if (name === 'directories') onAssignmentsLost(broker);
  else {
    onProducerIdsLost(broker);
    onAlterPartitionLost(broker);
  }
  return true;
}
