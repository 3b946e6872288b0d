import type { MetadataImage } from '../metadata/metadata-image.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type { Uuid } from '../protocol/uuid.ts';

/**
 * - `ONLINE`: keep the leader if it can lead, else another replica in sync
 * - `PREFERRED`: the first replica if it can lead, else as ONLINE
 * - `UNCLEAN`: as ONLINE, but rather any living replica than nobody
 */
export type Election = 'ONLINE' | 'PREFERRED' | 'UNCLEAN';

/**
 * A wish to change a partition. Targets that are absent are what the partition has now. The outcome also depends on who
 * can lead, because any change is an occasion to elect.
 */
export interface PartitionWish {
  readonly partition: PartitionRegistration;
  readonly election: Election;
  /** Whether this broker is alive and may lead. */
  readonly isAcceptableLeader: (brokerId: number) => boolean;
  readonly minIsr: number;
  /** The cluster's features (KIP-966), both on in a new cluster. */
  readonly elrEnabled: boolean;
  readonly useLastKnownLeader: boolean;
  readonly targetIsr?: readonly number[];
  readonly targetReplicas?: readonly number[];
  readonly targetAdding?: readonly number[];
  readonly targetRemoving?: readonly number[];
  readonly targetRecoveryState?: number;
  /** A replica is in another directory of its broker (KIP-858). */
  readonly targetDirectory?: { readonly broker: number; readonly directory: Uuid };
  /** Says which directories brokers have, for replicas that are new there. */
  readonly image?: MetadataImage;
  /** Brokers that came back without proof of an orderly stop: what they had written may be gone. */
  readonly uncleanShutdown?: readonly number[];
}

/** Where a partition is to go, before the election. */
export interface PartitionTarget {
  readonly isr: readonly number[];
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
  readonly elr: readonly number[];
  /** Replicas that once were eligible; kept only where the last known leader is not. */
  readonly lastKnownElr: readonly number[];
}
