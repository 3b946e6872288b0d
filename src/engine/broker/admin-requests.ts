import type { ShareStateApi } from '../coordinator/share/share-state-requests.ts';
import { handleAlterReplicaLogDirs } from './alter-replica-log-dirs.ts';
import { handleApiVersions, type ControllerApi } from './api-versions.ts';
import type { Broker } from './broker-memory.ts';
import { handleDescribeClientQuotas } from './describe-client-quotas.ts';
import { handleDescribeCluster } from './describe-cluster.ts';
import { handleDescribeConfigs } from './describe-configs.ts';
import { handleDescribeLogDirs } from './describe-log-dirs.ts';
import { handleDescribeProducers } from './describe-producers.ts';
import { handleDescribeTopicPartitions } from './describe-topic-partitions.ts';
import { forwardConfigs } from './forward-configs.ts';
import { forwardToController, type ForwardedApi } from './forward.ts';
import { handleListConfigResources } from './list-config-resources.ts';
import { closeChannel } from './lost-channel.ts';
import { type Incoming } from './requests.ts';
import { callerOf, handleShareStateApi } from './share-bridge.ts';
import { handleShareAcknowledge, handleShareFetch } from './share-delivery.ts';
import { handleDescribeShareGroupOffsets, handleShareOffsetsChange } from './share-offset-requests.ts';
import { handleShareGroupDescribe, handleShareGroupHeartbeat } from './share-requests.ts';

type AdminApi =
  | Exclude<ForwardedApi, 'CreateTopics'>
  | 'ApiVersions'
  | 'DescribeConfigs'
  | 'DescribeClientQuotas'
  | 'DescribeProducers'
  | 'DescribeLogDirs'
  | 'AlterReplicaLogDirs'
  | 'DescribeCluster'
  | 'DescribeTopicPartitions'
  | 'ListConfigResources'
  | 'ShareGroupHeartbeat'
  | 'ShareGroupDescribe'
  | 'DescribeShareGroupOffsets'
  | 'AlterShareGroupOffsets'
  | 'DeleteShareGroupOffsets'
  | 'ShareFetch'
  | 'ShareAcknowledge'
  | ShareStateApi;

/**
 * What administrators ask, members of share groups and those who keep their state, and nobody else who reads and writes. What only controllers serve costs its sender the
 * connection. The compiler sees to it that whatever a broker announces is served.
 */
export function handleAdminApi(broker: Broker, api: AdminApi | ControllerApi, incoming: Incoming): void {
  switch (api) {
    case 'ApiVersions':
      return handleApiVersions(broker, incoming as Incoming<'ApiVersions'>);
    case 'DescribeConfigs':
      return handleDescribeConfigs(broker, incoming as Incoming<'DescribeConfigs'>);
    case 'DescribeClientQuotas':
      return handleDescribeClientQuotas(broker, incoming as Incoming<'DescribeClientQuotas'>);
    case 'DescribeProducers':
      return handleDescribeProducers(broker, incoming as Incoming<'DescribeProducers'>);
    case 'DescribeLogDirs':
      return handleDescribeLogDirs(broker, incoming as Incoming<'DescribeLogDirs'>);
    case 'AlterReplicaLogDirs':
      return handleAlterReplicaLogDirs(broker, incoming as Incoming<'AlterReplicaLogDirs'>);
    case 'DescribeCluster':
      return handleDescribeCluster(broker, incoming as Incoming<'DescribeCluster'>);
    case 'DescribeTopicPartitions':
      return handleDescribeTopicPartitions(broker, incoming as Incoming<'DescribeTopicPartitions'>);
    case 'ListConfigResources':
      return handleListConfigResources(broker, incoming as Incoming<'ListConfigResources'>);
    case 'ShareGroupHeartbeat':
      return handleShareGroupHeartbeat(broker, incoming as Incoming<'ShareGroupHeartbeat'>);
    case 'ShareGroupDescribe':
      return handleShareGroupDescribe(broker, incoming as Incoming<'ShareGroupDescribe'>);
    case 'DescribeShareGroupOffsets':
      return handleDescribeShareGroupOffsets(broker, incoming as Incoming<'DescribeShareGroupOffsets'>);
    case 'AlterShareGroupOffsets':
    case 'DeleteShareGroupOffsets':
      return handleShareOffsetsChange(broker, api, incoming as Incoming<typeof api>);
    case 'ShareFetch':
      return handleShareFetch(broker, callerOf(broker), incoming as Incoming<'ShareFetch'>);
    case 'ShareAcknowledge':
      return handleShareAcknowledge(broker, callerOf(broker), incoming as Incoming<'ShareAcknowledge'>);
    case 'InitializeShareGroupState':
    case 'ReadShareGroupState':
    case 'WriteShareGroupState':
    case 'DeleteShareGroupState':
    case 'ReadShareGroupStateSummary':
      return handleShareStateApi(broker, api, incoming as Incoming<typeof api>);
    case 'IncrementalAlterConfigs':
    case 'AlterConfigs':
      return forwardConfigs(broker, api, incoming as Incoming<typeof api>);
    case 'DeleteTopics':
    case 'CreatePartitions':
    case 'AlterClientQuotas':
    case 'ElectLeaders':
    case 'AlterPartitionReassignments':
    case 'DescribeQuorum':
    case 'ListPartitionReassignments':
    case 'UnregisterBroker':
    case 'UpdateFeatures':
      return forwardToController(broker, api, incoming as Incoming<typeof api>);
    default:
      api satisfies ControllerApi;
      closeChannel(broker, incoming.connection);
  }
}
