import type { NodeId, TopicPartitionName } from '../ids.ts';
import type { TopologyNode } from '../scenario.ts';
import type { Bytes } from '../../base/bytes.ts';

/** A stream processing application: what it was asked to do, and what its instances hold. */
export interface ApplicationView {
  readonly id: string;
  readonly topology: readonly TopologyNode[];
  /** By its `processing.guarantee`, as the scenario has it. */
  readonly exactlyOnce: boolean;
  readonly instances: readonly NodeId[];
  /** Of all running instances, also those that they have only on their disks. */
  tasks(): readonly TaskView[];
}

export interface TaskView {
  readonly node: NodeId;
  /** `subtopology_partition`. */
  readonly task: string;
  readonly running: boolean;
  /** Nothing was processed since the last commit. */
  readonly clean: boolean;
  readonly stores: readonly StoreView[];
  /** What lies on the disk; undefined without a checkpoint. */
  readonly checkpoint: CheckpointView | undefined;
}

/** The stores of a task as of a checkpoint. */
export interface CheckpointView {
  /** Changelog → offset behind the last record that its store is said to hold. */
  readonly offsets: ReadonlyMap<TopicPartitionName, number>;
  readonly stores: readonly StoreView[];
}

/** A store that is logged. */
export interface StoreView {
  readonly name: string;
  readonly changelog: TopicPartitionName;
  /** Entries as the changelog would hold them. */
  visit(visit: (key: Bytes, value: Bytes) => void): void;
}
