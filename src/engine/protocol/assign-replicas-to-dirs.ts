import type { Uuid } from './uuid.ts';

/** AssignReplicasToDirs (API key 73, KIP-858): a broker says in which directories its replicas are. As in version 0. */
export interface AssignReplicasToDirsRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly directories: readonly AssignReplicasToDirsRequestDirectory[];
}

export interface AssignReplicasToDirsRequestDirectory {
  readonly id: Uuid;
  readonly topics: readonly {
    readonly topicId: Uuid;
    readonly partitions: readonly { readonly partitionIndex: number }[];
  }[];
}

export interface AssignReplicasToDirsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly directories: readonly {
    readonly id: Uuid;
    readonly topics: readonly {
      readonly topicId: Uuid;
      readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
    }[];
  }[];
}
