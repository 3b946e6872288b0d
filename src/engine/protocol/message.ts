import type { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from './add-offsets-to-txn.ts';
import type { AddPartitionsToTxnRequest, AddPartitionsToTxnResponse } from './add-partitions-to-txn.ts';
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from './allocate-producer-ids.ts';
import type { AlterClientQuotasRequest, AlterClientQuotasResponse } from './alter-client-quotas.ts';
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from './alter-partition-reassignments.ts';
import type { AlterPartitionRequest, AlterPartitionResponse } from './alter-partition.ts';
import type { AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse } from './alter-replica-log-dirs.ts';
import type { ApiVersionsRequest, ApiVersionsResponse } from './api-versions.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from './broker-heartbeat.ts';
import type { BrokerRegistrationRequest, BrokerRegistrationResponse } from './broker-registration.ts';
import type {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from './consumer-group-describe.ts';
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from './consumer-group-heartbeat.ts';
import type { CreatePartitionsRequest, CreatePartitionsResponse } from './create-partitions.ts';
import type { CreateTopicsRequest, CreateTopicsResponse } from './create-topics.ts';
import type { DeleteGroupsRequest, DeleteGroupsResponse } from './delete-groups.ts';
import type { DeleteRecordsRequest, DeleteRecordsResponse } from './delete-records.ts';
import type { DeleteTopicsRequest, DeleteTopicsResponse } from './delete-topics.ts';
import type { DescribeClientQuotasRequest, DescribeClientQuotasResponse } from './describe-client-quotas.ts';
import type { DescribeConfigsRequest, DescribeConfigsResponse } from './describe-configs.ts';
import type { DescribeGroupsRequest, DescribeGroupsResponse } from './describe-groups.ts';
import type { DescribeLogDirsRequest, DescribeLogDirsResponse } from './describe-log-dirs.ts';
import type { DescribeProducersRequest, DescribeProducersResponse } from './describe-producers.ts';
import type { DescribeTransactionsRequest, DescribeTransactionsResponse } from './describe-transactions.ts';
import type { ElectLeadersRequest, ElectLeadersResponse } from './elect-leaders.ts';
import type { EndTxnRequest, EndTxnResponse } from './end-txn.ts';
import type { EnvelopeRequest, EnvelopeResponse } from './envelope.ts';
import type { FetchSnapshotRequest, FetchSnapshotResponse } from './fetch-snapshot.ts';
import type { FetchRequest, FetchResponse } from './fetch.ts';
import type { FindCoordinatorRequest, FindCoordinatorResponse } from './find-coordinator.ts';
import type { HeartbeatRequest, HeartbeatResponse } from './heartbeat.ts';
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from './incremental-alter-configs.ts';
import type { InitProducerIdRequest, InitProducerIdResponse } from './init-producer-id.ts';
import type { JoinGroupRequest, JoinGroupResponse } from './join-group.ts';
import type { LeaveGroupRequest, LeaveGroupResponse } from './leave-group.ts';
import type { ListGroupsRequest, ListGroupsResponse } from './list-groups.ts';
import type { ListOffsetsRequest, ListOffsetsResponse } from './list-offsets.ts';
import type { ListTransactionsRequest, ListTransactionsResponse } from './list-transactions.ts';
import type { MetadataRequest, MetadataResponse } from './metadata.ts';
import type { OffsetCommitRequest, OffsetCommitResponse } from './offset-commit.ts';
import type { OffsetDeleteRequest, OffsetDeleteResponse } from './offset-delete.ts';
import type { OffsetFetchRequest, OffsetFetchResponse } from './offset-fetch.ts';
import type { OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from './offset-for-leader-epoch.ts';
import type { ProduceRequest, ProduceResponse } from './produce.ts';
import type { BeginQuorumEpochRequest, EndQuorumEpochRequest, QuorumEpochResponse } from './quorum-epoch.ts';
import type { ShareAcknowledgeRequest, ShareAcknowledgeResponse } from './share-acknowledge.ts';
import type { ShareFetchRequest, ShareFetchResponse } from './share-fetch.ts';
import type {
  AlterShareGroupOffsetsRequest,
  AlterShareGroupOffsetsResponse,
  DeleteShareGroupOffsetsRequest,
  DeleteShareGroupOffsetsResponse,
  DescribeShareGroupOffsetsRequest,
  DescribeShareGroupOffsetsResponse,
} from './share-group-offsets.ts';
import type { ShareGroupDescribeRequest, ShareGroupDescribeResponse } from './share-group-describe.ts';
import type { ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse } from './share-group-heartbeat.ts';
import type {
  DeleteShareGroupStateRequest,
  DeleteShareGroupStateResponse,
  InitializeShareGroupStateRequest,
  InitializeShareGroupStateResponse,
  ReadShareGroupStateRequest,
  ReadShareGroupStateResponse,
  ReadShareGroupStateSummaryRequest,
  ReadShareGroupStateSummaryResponse,
  WriteShareGroupStateRequest,
  WriteShareGroupStateResponse,
} from './share-group-state.ts';
import type { SyncGroupRequest, SyncGroupResponse } from './sync-group.ts';
import type { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from './txn-offset-commit.ts';
import type { VoteRequest, VoteResponse } from './vote.ts';
import type { AlterConfigsRequest, AlterConfigsResponse } from './alter-configs.ts';
import type { DescribeClusterRequest, DescribeClusterResponse } from './describe-cluster.ts';
import type { DescribeQuorumRequest, DescribeQuorumResponse } from './describe-quorum.ts';
import type {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from './describe-topic-partitions.ts';
import type { ListConfigResourcesRequest, ListConfigResourcesResponse } from './list-config-resources.ts';
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from './list-partition-reassignments.ts';
import type { AssignReplicasToDirsRequest, AssignReplicasToDirsResponse } from './assign-replicas-to-dirs.ts';
import type { UnregisterBrokerRequest, UnregisterBrokerResponse } from './unregister-broker.ts';
import type { UpdateFeaturesRequest, UpdateFeaturesResponse } from './update-features.ts';
import type { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from './write-txn-markers.ts';

/** Request and response body of each API, by Kafka's name. */
export interface ApiBodies {
  Produce: { request: ProduceRequest; response: ProduceResponse };
  Fetch: { request: FetchRequest; response: FetchResponse };
  ListOffsets: { request: ListOffsetsRequest; response: ListOffsetsResponse };
  Metadata: { request: MetadataRequest; response: MetadataResponse };
  OffsetCommit: { request: OffsetCommitRequest; response: OffsetCommitResponse };
  OffsetFetch: { request: OffsetFetchRequest; response: OffsetFetchResponse };
  FindCoordinator: { request: FindCoordinatorRequest; response: FindCoordinatorResponse };
  JoinGroup: { request: JoinGroupRequest; response: JoinGroupResponse };
  Heartbeat: { request: HeartbeatRequest; response: HeartbeatResponse };
  LeaveGroup: { request: LeaveGroupRequest; response: LeaveGroupResponse };
  SyncGroup: { request: SyncGroupRequest; response: SyncGroupResponse };
  DescribeGroups: { request: DescribeGroupsRequest; response: DescribeGroupsResponse };
  ListGroups: { request: ListGroupsRequest; response: ListGroupsResponse };
  DeleteGroups: { request: DeleteGroupsRequest; response: DeleteGroupsResponse };
  AlterPartitionReassignments: {
    request: AlterPartitionReassignmentsRequest;
    response: AlterPartitionReassignmentsResponse;
  };
  OffsetDelete: { request: OffsetDeleteRequest; response: OffsetDeleteResponse };
  CreateTopics: { request: CreateTopicsRequest; response: CreateTopicsResponse };
  DeleteTopics: { request: DeleteTopicsRequest; response: DeleteTopicsResponse };
  DeleteRecords: { request: DeleteRecordsRequest; response: DeleteRecordsResponse };
  InitProducerId: { request: InitProducerIdRequest; response: InitProducerIdResponse };
  AddPartitionsToTxn: { request: AddPartitionsToTxnRequest; response: AddPartitionsToTxnResponse };
  AddOffsetsToTxn: { request: AddOffsetsToTxnRequest; response: AddOffsetsToTxnResponse };
  EndTxn: { request: EndTxnRequest; response: EndTxnResponse };
  WriteTxnMarkers: { request: WriteTxnMarkersRequest; response: WriteTxnMarkersResponse };
  TxnOffsetCommit: { request: TxnOffsetCommitRequest; response: TxnOffsetCommitResponse };
  DescribeTransactions: { request: DescribeTransactionsRequest; response: DescribeTransactionsResponse };
  ListTransactions: { request: ListTransactionsRequest; response: ListTransactionsResponse };
  ApiVersions: { request: ApiVersionsRequest; response: ApiVersionsResponse };
  OffsetForLeaderEpoch: { request: OffsetForLeaderEpochRequest; response: OffsetForLeaderEpochResponse };
  CreatePartitions: { request: CreatePartitionsRequest; response: CreatePartitionsResponse };
  ElectLeaders: { request: ElectLeadersRequest; response: ElectLeadersResponse };
  IncrementalAlterConfigs: {
    request: IncrementalAlterConfigsRequest;
    response: IncrementalAlterConfigsResponse;
  };
  DescribeClientQuotas: { request: DescribeClientQuotasRequest; response: DescribeClientQuotasResponse };
  AlterClientQuotas: { request: AlterClientQuotasRequest; response: AlterClientQuotasResponse };
  DescribeConfigs: { request: DescribeConfigsRequest; response: DescribeConfigsResponse };
  DescribeProducers: { request: DescribeProducersRequest; response: DescribeProducersResponse };
  AlterPartition: { request: AlterPartitionRequest; response: AlterPartitionResponse };
  ConsumerGroupHeartbeat: {
    request: ConsumerGroupHeartbeatRequest;
    response: ConsumerGroupHeartbeatResponse;
  };
  ConsumerGroupDescribe: { request: ConsumerGroupDescribeRequest; response: ConsumerGroupDescribeResponse };
  BrokerRegistration: { request: BrokerRegistrationRequest; response: BrokerRegistrationResponse };
  BrokerHeartbeat: { request: BrokerHeartbeatRequest; response: BrokerHeartbeatResponse };
  AllocateProducerIds: { request: AllocateProducerIdsRequest; response: AllocateProducerIdsResponse };
  Vote: { request: VoteRequest; response: VoteResponse };
  BeginQuorumEpoch: { request: BeginQuorumEpochRequest; response: QuorumEpochResponse };
  EndQuorumEpoch: { request: EndQuorumEpochRequest; response: QuorumEpochResponse };
  Envelope: { request: EnvelopeRequest; response: EnvelopeResponse };
  FetchSnapshot: { request: FetchSnapshotRequest; response: FetchSnapshotResponse };
  AlterConfigs: { request: AlterConfigsRequest; response: AlterConfigsResponse };
  DescribeCluster: { request: DescribeClusterRequest; response: DescribeClusterResponse };
  DescribeQuorum: { request: DescribeQuorumRequest; response: DescribeQuorumResponse };
  DescribeTopicPartitions: {
    request: DescribeTopicPartitionsRequest;
    response: DescribeTopicPartitionsResponse;
  };
  ListConfigResources: { request: ListConfigResourcesRequest; response: ListConfigResourcesResponse };
  ListPartitionReassignments: {
    request: ListPartitionReassignmentsRequest;
    response: ListPartitionReassignmentsResponse;
  };
  AssignReplicasToDirs: { request: AssignReplicasToDirsRequest; response: AssignReplicasToDirsResponse };
  AlterReplicaLogDirs: { request: AlterReplicaLogDirsRequest; response: AlterReplicaLogDirsResponse };
  DescribeLogDirs: { request: DescribeLogDirsRequest; response: DescribeLogDirsResponse };
  UnregisterBroker: { request: UnregisterBrokerRequest; response: UnregisterBrokerResponse };
  UpdateFeatures: { request: UpdateFeaturesRequest; response: UpdateFeaturesResponse };
  ShareGroupHeartbeat: { request: ShareGroupHeartbeatRequest; response: ShareGroupHeartbeatResponse };
  ShareGroupDescribe: { request: ShareGroupDescribeRequest; response: ShareGroupDescribeResponse };
  ShareFetch: { request: ShareFetchRequest; response: ShareFetchResponse };
  ShareAcknowledge: { request: ShareAcknowledgeRequest; response: ShareAcknowledgeResponse };
  InitializeShareGroupState: {
    request: InitializeShareGroupStateRequest;
    response: InitializeShareGroupStateResponse;
  };
  ReadShareGroupState: { request: ReadShareGroupStateRequest; response: ReadShareGroupStateResponse };
  WriteShareGroupState: { request: WriteShareGroupStateRequest; response: WriteShareGroupStateResponse };
  DeleteShareGroupState: { request: DeleteShareGroupStateRequest; response: DeleteShareGroupStateResponse };
  ReadShareGroupStateSummary: {
    request: ReadShareGroupStateSummaryRequest;
    response: ReadShareGroupStateSummaryResponse;
  };
  DescribeShareGroupOffsets: {
    request: DescribeShareGroupOffsetsRequest;
    response: DescribeShareGroupOffsetsResponse;
  };
  AlterShareGroupOffsets: {
    request: AlterShareGroupOffsetsRequest;
    response: AlterShareGroupOffsetsResponse;
  };
  DeleteShareGroupOffsets: {
    request: DeleteShareGroupOffsetsRequest;
    response: DeleteShareGroupOffsetsResponse;
  };
}

export type ApiName = keyof ApiBodies;
export type RequestBody<A extends ApiName> = ApiBodies[A]['request'];
export type ResponseBody<A extends ApiName> = ApiBodies[A]['response'];

/** API key and the version whose fields the message types here have (Kafka 4.4.0). */
export const APIS: Readonly<Record<ApiName, { readonly key: number; readonly version: number }>> = {
  Produce: { key: 0, version: 13 },
  Fetch: { key: 1, version: 18 },
  ListOffsets: { key: 2, version: 11 },
  Metadata: { key: 3, version: 13 },
  OffsetCommit: { key: 8, version: 10 },
  OffsetFetch: { key: 9, version: 10 },
  FindCoordinator: { key: 10, version: 6 },
  JoinGroup: { key: 11, version: 9 },
  Heartbeat: { key: 12, version: 4 },
  LeaveGroup: { key: 13, version: 5 },
  SyncGroup: { key: 14, version: 5 },
  DescribeGroups: { key: 15, version: 6 },
  ListGroups: { key: 16, version: 5 },
  ApiVersions: { key: 18, version: 5 },
  CreateTopics: { key: 19, version: 7 },
  DeleteTopics: { key: 20, version: 6 },
  DeleteRecords: { key: 21, version: 2 },
  InitProducerId: { key: 22, version: 5 },
  OffsetForLeaderEpoch: { key: 23, version: 4 },
  AddPartitionsToTxn: { key: 24, version: 5 },
  AddOffsetsToTxn: { key: 25, version: 4 },
  EndTxn: { key: 26, version: 5 },
  WriteTxnMarkers: { key: 27, version: 2 },
  TxnOffsetCommit: { key: 28, version: 6 },
  DescribeConfigs: { key: 32, version: 4 },
  CreatePartitions: { key: 37, version: 3 },
  DeleteGroups: { key: 42, version: 3 },
  ElectLeaders: { key: 43, version: 2 },
  IncrementalAlterConfigs: { key: 44, version: 1 },
  AlterPartitionReassignments: { key: 45, version: 1 },
  OffsetDelete: { key: 47, version: 0 },
  DescribeClientQuotas: { key: 48, version: 1 },
  AlterClientQuotas: { key: 49, version: 1 },
  Vote: { key: 52, version: 2 },
  BeginQuorumEpoch: { key: 53, version: 1 },
  EndQuorumEpoch: { key: 54, version: 1 },
  Envelope: { key: 58, version: 0 },
  FetchSnapshot: { key: 59, version: 1 },
  DescribeProducers: { key: 61, version: 0 },
  DescribeTransactions: { key: 65, version: 0 },
  ListTransactions: { key: 66, version: 2 },
  AlterPartition: { key: 56, version: 3 },
  BrokerRegistration: { key: 62, version: 4 },
  BrokerHeartbeat: { key: 63, version: 2 },
  AllocateProducerIds: { key: 67, version: 0 },
  ConsumerGroupHeartbeat: { key: 68, version: 1 },
  ConsumerGroupDescribe: { key: 69, version: 1 },
  AlterConfigs: { key: 33, version: 2 },
  DescribeCluster: { key: 60, version: 2 },
  DescribeQuorum: { key: 55, version: 2 },
  DescribeTopicPartitions: { key: 75, version: 0 },
  ListConfigResources: { key: 74, version: 1 },
  ListPartitionReassignments: { key: 46, version: 0 },
  AssignReplicasToDirs: { key: 73, version: 0 },
  AlterReplicaLogDirs: { key: 34, version: 2 },
  DescribeLogDirs: { key: 35, version: 5 },
  UnregisterBroker: { key: 64, version: 0 },
  UpdateFeatures: { key: 57, version: 2 },
  ShareGroupHeartbeat: { key: 76, version: 1 },
  ShareGroupDescribe: { key: 77, version: 1 },
  ShareFetch: { key: 78, version: 2 },
  ShareAcknowledge: { key: 79, version: 2 },
  InitializeShareGroupState: { key: 83, version: 0 },
  ReadShareGroupState: { key: 84, version: 0 },
  WriteShareGroupState: { key: 85, version: 1 },
  DeleteShareGroupState: { key: 86, version: 0 },
  ReadShareGroupStateSummary: { key: 87, version: 1 },
  DescribeShareGroupOffsets: { key: 90, version: 1 },
  AlterShareGroupOffsets: { key: 91, version: 0 },
  DeleteShareGroupOffsets: { key: 92, version: 0 },
};

/** A request with its header (`RequestHeader`). Frozen. */
export type RequestMessage<A extends ApiName = ApiName> = A extends ApiName
  ? {
      readonly kind: 'request';
      readonly api: A;
      readonly version: number;
      readonly correlationId: number;
      readonly clientId: string;
      readonly body: RequestBody<A>;
    }
  : never;

/** The answer to the request of the same connection and correlation id. Frozen. */
export type ResponseMessage<A extends ApiName = ApiName> = A extends ApiName
  ? {
      readonly kind: 'response';
      readonly api: A;
      readonly correlationId: number;
      readonly body: ResponseBody<A>;
    }
  : never;
