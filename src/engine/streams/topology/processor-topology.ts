import type { Serde } from '../serdes/serde.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { ProcessorSupplier } from '../task/processor.ts';
import type { TimestampExtractor } from '../task/timestamp-extractor.ts';

/** Reads topics. */
export interface SourceSpec {
  readonly kind: 'source';
  readonly name: string;
  /** As declared: internal topics still lack the application id. */
  readonly topics: readonly string[];
  readonly pattern: string | undefined;
  readonly key: Serde;
  readonly value: Serde;
  /** Absent: the configured default. */
  readonly extractor: TimestampExtractor | undefined;
  readonly predecessors: readonly string[];
  /** Values are changes of a table with both sides, as its repartition topic carries them. */
  readonly carriesChanges?: boolean;
}

export interface ProcessorSpec {
  readonly kind: 'processor';
  readonly name: string;
  readonly predecessors: readonly string[];
  readonly supplier: ProcessorSupplier;
  /** Stores it is connected to, in order of connection. */
  readonly stores: Set<string>;
}

/** Writes to a topic, or to the topic that a function of the record names. */
export interface SinkSpec {
  readonly kind: 'sink';
  readonly name: string;
  readonly predecessors: readonly string[];
  readonly topic: string | undefined;
  readonly topicOf: ((key: unknown, value: unknown) => string) | undefined;
  /** How `describe` prints `topicOf`. */
  readonly topicLabel: string;
  readonly key: Serde;
  readonly value: Serde;
  /** Chooses the partition; absent or undefined: by the key, as the producer does. */
  readonly partitionOf: ((value: unknown) => number | undefined) | undefined;
  /** Writes changes of a table with both sides. */
  readonly carriesChanges?: boolean;
}

export type NodeSpec = SourceSpec | ProcessorSpec | SinkSpec;

/** The nodes that one task runs (of one sub-topology; in the test driver of all), in order of addition. */
export interface ProcessorTopology {
  readonly nodes: readonly NodeSpec[];
  readonly stores: readonly StoreDefinition[];
  /** Decorated topic → its source node. */
  readonly sourceOf: ReadonlyMap<string, SourceSpec>;
  readonly patterns: readonly SourceSpec[];
  /** Adds the application id to internal topics. */
  readonly decorate: (topic: string) => string;
  /** Decorated changelog topic of a store. */
  readonly changelogOf: (store: string) => string;
}

/** Whether a pattern of a source means the whole name of a topic. */
export const isMeant = (pattern: string, topic: string): boolean =>
  new RegExp(`^(?:${pattern})$`).test(topic);

/** The source by which records of a topic enter: one that names it, else one whose pattern means it. */
export const sourceOfTopic = (
  { sourceOf, patterns }: Pick<ProcessorTopology, 'sourceOf' | 'patterns'>,
  topic: string,
): SourceSpec | undefined =>
  sourceOf.get(topic) ?? patterns.find(({ pattern = '' }) => isMeant(pattern, topic));
