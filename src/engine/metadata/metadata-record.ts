import type { QuotaEntity } from '../protocol/alter-client-quotas.ts';
import type { Uuid } from '../protocol/uuid.ts';

/**
 * What the metadata log says, named and shaped as Kafka's metadata records (`metadata/src/main/resources/common`).
 * Frozen plain data. Fields that describe listeners and security are left out.
 */
export type MetadataRecord =
  | RegisterBrokerRecord
  | UnregisterBrokerRecord
  | BrokerRegistrationChangeRecord
  | TopicRecord
  | RemoveTopicRecord
  | PartitionRecord
  | PartitionChangeRecord
  | ConfigRecord
  | ClientQuotaRecord
  | ProducerIdsRecord
  | FeatureLevelRecord;

export interface RegisterBrokerRecord {
  readonly type: 'RegisterBrokerRecord';
  readonly brokerId: number;
  readonly incarnationId: Uuid;
  /** Offset of the metadata log at which this incarnation registered. */
  readonly brokerEpoch: number;
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly logDirs: readonly Uuid[];
}

export interface UnregisterBrokerRecord {
  readonly type: 'UnregisterBrokerRecord';
  readonly brokerId: number;
  readonly brokerEpoch: number;
}

/** An absent field does not change. */
export interface BrokerRegistrationChangeRecord {
  readonly type: 'BrokerRegistrationChangeRecord';
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly fenced?: boolean;
  readonly inControlledShutdown?: boolean;
  /** Directories that still serve. */
  readonly logDirs?: readonly Uuid[];
}

export interface TopicRecord {
  readonly type: 'TopicRecord';
  readonly name: string;
  readonly topicId: Uuid;
}

/** Removes the topic, its partitions and its configuration. */
export interface RemoveTopicRecord {
  readonly type: 'RemoveTopicRecord';
  readonly topicId: Uuid;
}

/** A new partition. Lists of replicas are broker ids; the first replica is the preferred leader. */
export interface PartitionRecord {
  readonly type: 'PartitionRecord';
  readonly topicId: Uuid;
  readonly partitionId: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  /** −1: nobody leads. */
  readonly leader: number;
  /** 0 RECOVERED, 1 RECOVERING. */
  readonly leaderRecoveryState: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly eligibleLeaderReplicas: readonly number[];
  readonly lastKnownElr: readonly number[];
  /** One for each replica; absent if none of their brokers registered directories. */
  readonly directories?: readonly Uuid[];
}

/**
 * A change of a partition: absent fields stay as they are, `partitionEpoch` goes up by one. A record with `leader` also
 * raises the leader epoch by one, even if it names the leader of before.
 */
export interface PartitionChangeRecord {
  readonly type: 'PartitionChangeRecord';
  readonly topicId: Uuid;
  readonly partitionId: number;
  readonly isr?: readonly number[];
  readonly leader?: number;
  readonly leaderRecoveryState?: number;
  readonly replicas?: readonly number[];
  readonly addingReplicas?: readonly number[];
  readonly removingReplicas?: readonly number[];
  readonly eligibleLeaderReplicas?: readonly number[];
  readonly lastKnownElr?: readonly number[];
  readonly directories?: readonly Uuid[];
}

/** `value` null removes the override. */
export interface ConfigRecord {
  readonly type: 'ConfigRecord';
  readonly resourceType: number;
  readonly resourceName: string;
  readonly name: string;
  readonly value: string | null;
}

/** A quota of an entity; `remove` takes it away. */
export interface ClientQuotaRecord {
  readonly type: 'ClientQuotaRecord';
  readonly entity: readonly QuotaEntity[];
  readonly key: string;
  readonly value: number;
  readonly remove: boolean;
}

/** All producer ids below `nextProducerId` have been handed out in blocks. */
export interface ProducerIdsRecord {
  readonly type: 'ProducerIdsRecord';
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly nextProducerId: number;
}

/** A feature of the cluster is in force at this level from now on; 0: not at all. */
export interface FeatureLevelRecord {
  readonly type: 'FeatureLevelRecord';
  readonly name: string;
  readonly featureLevel: number;
}

/** Kinds of configuration resources (`ConfigResource.Type`). The broker named '' stands for all brokers. */
export const CONFIG_RESOURCE = { TOPIC: 2, BROKER: 4, GROUP: 32 } as const;

export const LEADER_RECOVERY_STATE = { RECOVERED: 0, RECOVERING: 1 } as const;

/** Stands for "nobody leads" in partitions and records. */
export const NO_LEADER = -1;
