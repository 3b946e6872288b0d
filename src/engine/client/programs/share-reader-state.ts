import type { AppendList } from '../../base/append-list.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { ShareOutcomes } from '../../api/scenario.ts';
import type { AcknowledgeType, ShareConsumer, ShareSlice } from '../share-consumer/share-consumer-state.ts';
import type { Bootstrap } from './bootstrap.ts';

/** What a node that reads topics as a member of a share group is started with. Frozen. */
export interface ShareReaderConfig {
  /** Its `client.id`. */
  readonly id: string;
  readonly bootstrap: Bootstrap;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Simulated work for one record, in µs. */
  readonly workMicros: SimDuration;
  /** What becomes of which records; left out: all are accepted. */
  readonly outcomes?: ShareOutcomes | undefined;
  /** Overrides of the consumer's configuration, checked before. */
  readonly overrides: ConfigOverrides;
}

/** What came of records, for an outsider's ledger: offsets from `first` up to and with `last`. Frozen. */
export interface ShareOutcome {
  readonly at: SimTime;
  readonly name: TopicPartitionName;
  readonly first: number;
  readonly last: number;
  readonly type: AcknowledgeType;
  /** NONE once the broker has stored it, or why it did not. */
  readonly error: number;
}

/** Records that poll() returned. Frozen. */
export interface ShareDelivery {
  readonly at: SimTime;
  readonly name: TopicPartitionName;
  readonly first: number;
  readonly last: number;
  readonly deliveryCount: number;
}

export interface ShareReaderMemory {
  readonly config: ShareReaderConfig;
  readonly consumer: ShareConsumer;
  /** What the application works on. */
  working: readonly ShareSlice[];
  /** Records worked on in this life, and those of them that were accepted, with the broker's word for it. */
  processed: number;
  accepted: number;
  released: number;
  rejected: number;
  readonly deliveries: AppendList<ShareDelivery>;
  readonly outcomes: AppendList<ShareOutcome>;
  stopping: boolean;
}
