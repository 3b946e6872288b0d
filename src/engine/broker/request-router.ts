import { isKnownVersion } from '../protocol/api-ranges.ts';
import type { RequestMessage } from '../protocol/message.ts';
import { handleAdminApi } from './admin-requests.ts';
import type { Broker } from './broker-memory.ts';
import { handleDeleteRecords } from './delete-records.ts';
import { handleFetch } from './fetch.ts';
import { forwardToController } from './forward.ts';
import { handleFindCoordinator, handleGroupApi } from './group-requests.ts';
import { handleInitProducerId } from './init-producer-id.ts';
import { handleListOffsets } from './list-offsets.ts';
import { handleMetadata } from './metadata-response.ts';
import { handleOffsetForLeaderEpoch } from './offset-for-leader-epoch.ts';
import { handleProduce } from './produce.ts';
import { closeChannel } from './lost-channel.ts';
import { type Incoming } from './requests.ts';
import { handleTransactionApi } from './transaction-bridge.ts';
import { handleTxnOffsetCommit } from './txn-offset-commit.ts';
import { handleWriteTxnMarkers } from './write-txn-markers.ts';

/**
 * Works on one request (`KafkaApis.handle`). A request that a broker does not serve, or not in this version, costs its
 * sender the connection; only who asks for versions is told which there are.
 */
export function route(broker: Broker, { api }: RequestMessage, incoming: Incoming): void {
  if (api !== 'ApiVersions' && !isKnownVersion(api, incoming.version))
    closeChannel(broker, incoming.connection);
  else serve(broker, api, incoming);
}

function serve(broker: Broker, api: RequestMessage['api'], incoming: Incoming): void {
  switch (api) {
    case 'Produce':
      return handleProduce(broker, incoming as Incoming<'Produce'>);
    case 'Fetch':
      return handleFetch(broker, incoming as Incoming<'Fetch'>);
    case 'ListOffsets':
      return handleListOffsets(broker, incoming as Incoming<'ListOffsets'>);
    case 'OffsetForLeaderEpoch':
      return handleOffsetForLeaderEpoch(broker, incoming as Incoming<'OffsetForLeaderEpoch'>);
    case 'Metadata':
      return handleMetadata(broker, incoming as Incoming<'Metadata'>);
    case 'FindCoordinator':
      return handleFindCoordinator(broker, incoming as Incoming<'FindCoordinator'>);
    case 'InitProducerId':
      return handleInitProducerId(broker, incoming as Incoming<'InitProducerId'>);
    case 'AddPartitionsToTxn':
    case 'AddOffsetsToTxn':
    case 'EndTxn':
    case 'DescribeTransactions':
    case 'ListTransactions':
      return handleTransactionApi(broker, api, incoming as Incoming<typeof api>);
    case 'TxnOffsetCommit':
      return handleTxnOffsetCommit(broker, incoming as Incoming<'TxnOffsetCommit'>);
    case 'WriteTxnMarkers':
      return handleWriteTxnMarkers(broker, incoming as Incoming<'WriteTxnMarkers'>);
    case 'DeleteRecords':
      return handleDeleteRecords(broker, incoming as Incoming<'DeleteRecords'>);
    case 'CreateTopics':
      return forwardToController(broker, api, incoming as Incoming<typeof api>);
    case 'JoinGroup':
    case 'SyncGroup':
    case 'Heartbeat':
    case 'LeaveGroup':
    case 'OffsetCommit':
    case 'OffsetFetch':
    case 'OffsetDelete':
    case 'DescribeGroups':
    case 'ListGroups':
    case 'DeleteGroups':
    case 'ConsumerGroupHeartbeat':
    case 'ConsumerGroupDescribe':
      return handleGroupApi(broker, api, incoming as Incoming<typeof api>);
    default:
      handleAdminApi(broker, api, incoming);
  }
}
