import type { ResponseMessage } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import { onAlterPartition, onAlterPartitionLost } from './alter-partition.ts';
import { publishImage } from './apply-metadata.ts';
import type { Broker } from './broker-memory.ts';
import { channelByConnection, channelOf, resetChannel, settleCall } from './controller-channel.ts';
import { onForwarded, onForwardsLost } from './forward.ts';
import { onProducerIds, onProducerIdsLost } from './producer-ids.ts';
import { isServing, onHeartbeat, onRegistered, retryLater } from './lifecycle.ts';
import { onMetadata, retryMetadataFetch } from './metadata-follower.ts';

/** The controller answers. */
export function onControllerResponse(
  broker: Broker,
  connection: ConnectionId,
  message: ResponseMessage,
): void {
  const name = channelByConnection(broker.memory, connection);
  if (name === undefined) return;
  const call = settleCall(channelOf(broker.memory, name), message);
  if (call === undefined) return;
  if (name === 'forwarding') onForwarded(broker, call, message);
  else if (message.api === 'Fetch') onMetadata(broker, message.body);
  else if (message.api === 'AlterPartition') onAlterPartition(broker, message.body);
  else if (message.api === 'AllocateProducerIds') onProducerIds(broker, message.body);
  else if (message.api === 'BrokerRegistration') onRegistered(broker, message.body);
  else if (message.api === 'BrokerHeartbeat') beginServing(broker, () => onHeartbeat(broker, message.body));
}

/** The moment at which a broker has caught up with the metadata is when it takes up its replicas. */
function beginServing(broker: Broker, onAnswer: () => void): void {
  const before = isServing(broker.memory);
  onAnswer();
  if (!before && isServing(broker.memory)) publishImage(broker);
}

/** Returns whether this was a connection to the controller. */
export function onControllerLost(broker: Broker, connection: ConnectionId): boolean {
  const name = channelByConnection(broker.memory, connection);
  if (name === undefined) return false;
  const lost = resetChannel(broker, name);
  if (name === 'lifecycle') {
    if (lost.length > 0) retryLater(broker);
  } else if (name === 'metadata') retryMetadataFetch(broker);
  else if (name === 'forwarding') onForwardsLost(broker, lost);
  else {
    onProducerIdsLost(broker);
    onAlterPartitionLost(broker);
  }
  return true;
}
