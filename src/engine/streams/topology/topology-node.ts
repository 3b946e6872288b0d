import type { SerdeName } from '../serdes/serde.ts';

/**
 * A topology as plain data: nodes in order of declaration. The order decides names, and in which order children of a
 * node get a record. Every node that others refer to has an `id`; `of` is the id of its upstream node.
 */
export type Topology = readonly TopologyNode[];

interface NodeBase {
  readonly id?: string;
  /** Name of the processor, where the API takes one. */
  readonly named?: string;
}

/** How a table or aggregate is kept (`Materialized`). */
export interface MaterializedFields {
  /** Name of the store. */
  readonly as?: string;
  /** `lru:N` keeps the N keys used last. */
  readonly store?: 'inMemory' | 'rocksDB' | `lru:${number}`;
  readonly caching?: boolean;
  readonly logging?: boolean;
  /** Milliseconds. */
  readonly retention?: number;
  readonly versioned?: { readonly history: number; readonly segmentInterval?: number };
}

interface Typed {
  readonly key: SerdeName;
  readonly value: SerdeName;
}

export interface StreamSourceNode extends NodeBase, Typed {
  readonly op: 'stream';
  readonly topic?: string;
  readonly topics?: readonly string[];
  readonly pattern?: string;
  readonly extractor?: string;
  readonly offsetReset?: 'earliest' | 'latest';
}

export interface TableSourceNode extends NodeBase, Typed, MaterializedFields {
  readonly op: 'table' | 'globalTable';
  readonly topic: string;
  readonly extractor?: string;
  readonly offsetReset?: 'earliest' | 'latest';
}

/** A store for processors; its name is the node's id. */
export interface StoreNode extends Typed {
  readonly op: 'store';
  readonly id: string;
  readonly kind: 'kv' | 'window';
  readonly store: 'inMemory' | 'rocksDB';
  /** Window stores: milliseconds. */
  readonly retention?: number;
  readonly size?: number;
  readonly caching?: boolean;
  readonly logging?: boolean;
}

interface Downstream extends NodeBase {
  readonly of: string;
}

export interface FilterNode extends Downstream, MaterializedFields {
  readonly op: 'filter' | 'filterNot';
  readonly pred: string;
}

export interface MapValuesNode extends Downstream, MaterializedFields {
  readonly op: 'mapValues';
  readonly fn: string;
}

export interface FlatMapValuesNode extends Downstream {
  readonly op: 'flatMapValues';
  readonly fn: string;
}

export interface MapNode extends Downstream {
  readonly op: 'map';
  readonly keyFn: string;
  readonly fn?: string;
}

export interface FlatMapNode extends Downstream {
  readonly op: 'flatMap';
  readonly fn: string;
  readonly keyFn: string;
}

export interface SelectKeyNode extends Downstream {
  readonly op: 'selectKey';
  readonly keyFn: string;
}

export interface MergeNode extends Downstream {
  readonly op: 'merge';
  readonly with: string;
}

export interface SplitNode extends Downstream {
  readonly op: 'split';
  readonly branches: readonly { readonly id: string; readonly pred: string; readonly named?: string }[];
  readonly default?: { readonly id: string; readonly named?: string };
}

export interface ToStreamNode extends Downstream {
  readonly op: 'toStream';
}

export interface ToTableNode extends Downstream, MaterializedFields {
  readonly op: 'toTable';
}

export interface RepartitionNode extends Downstream {
  readonly op: 'repartition';
  readonly as?: string;
  readonly partitions?: number;
}

export interface ToNode extends Downstream {
  readonly op: 'to';
  readonly topic?: string;
  /** A value function that gives the topic's name. */
  readonly topicFn?: string;
}

export interface ProcessNode extends Downstream {
  readonly op: 'process' | 'processValues';
  readonly processor: string;
  readonly args?: ProcessorArgs;
  /** False: not connected to `args.store`, which then is an error. */
  readonly connect?: boolean;
}

export type ProcessorArgs = Readonly<Record<string, string | number | boolean>>;

export interface GroupByKeyNode extends Downstream {
  readonly op: 'groupByKey';
  readonly as?: string;
}

export interface GroupByNode extends Downstream {
  readonly op: 'groupBy';
  readonly keyFn: string;
  readonly fn?: string;
  readonly as?: string;
}

/** Milliseconds throughout. No `grace`: 0. */
export type WindowSpec =
  | { readonly type: 'tumbling'; readonly size: number; readonly grace?: number }
  | { readonly type: 'hopping'; readonly size: number; readonly advance: number; readonly grace?: number }
  | { readonly type: 'sliding'; readonly difference: number; readonly grace?: number }
  | { readonly type: 'session'; readonly gap: number; readonly grace?: number };

export interface WindowedByNode extends Downstream {
  readonly op: 'windowedBy';
  readonly window: WindowSpec;
}

export type EmitStrategy = 'onWindowClose' | 'onWindowUpdate';

export interface EmitStrategyNode extends Downstream {
  readonly op: 'emitStrategy';
  readonly strategy: EmitStrategy;
}

export interface CountNode extends Downstream, MaterializedFields {
  readonly op: 'count';
}

export interface ReduceNode extends Downstream, MaterializedFields {
  readonly op: 'reduce';
  readonly fn: string;
  readonly subtractor?: string;
}

export interface AggregateNode extends Downstream, MaterializedFields {
  readonly op: 'aggregate';
  readonly init: string;
  /** Absent on a cogroup, whose aggregators are in its parts. */
  readonly fn?: string;
  readonly subtractor?: string;
  readonly merger?: string;
}

export interface CogroupNode extends Downstream {
  readonly op: 'cogroup';
  readonly fn: string;
}

export interface CogroupAlsoNode extends Downstream {
  readonly op: 'cogroupAlso';
  readonly with: string;
  readonly fn: string;
}

export interface SuppressNode extends Downstream {
  readonly op: 'suppress';
  readonly until: 'windowCloses' | { readonly timeLimit: number };
  readonly maxRecords?: number;
  readonly maxBytes?: number;
  readonly whenFull?: 'shutDown' | 'emitEarly';
  readonly logging?: boolean;
}

export interface StreamJoinNode extends Downstream {
  readonly op: 'streamJoin';
  readonly with: string;
  readonly type: 'inner' | 'left' | 'outer';
  readonly joiner: string;
  /** Milliseconds: a right record at t' matches a left one at t when t − before ≤ t' ≤ t + after. */
  readonly window: { readonly before: number; readonly after: number; readonly grace?: number };
  readonly as?: string;
  readonly logging?: boolean;
}

export interface StreamTableJoinNode extends Downstream {
  readonly op: 'streamTableJoin';
  readonly with: string;
  readonly type: 'inner' | 'left';
  readonly joiner: string;
  readonly grace?: number;
}

export interface StreamGlobalJoinNode extends Downstream {
  readonly op: 'streamGlobalJoin';
  readonly with: string;
  readonly type: 'inner' | 'left';
  readonly keyFn: string;
  readonly joiner: string;
}

export interface TableJoinNode extends Downstream, MaterializedFields {
  readonly op: 'tableJoin';
  readonly with: string;
  readonly type: 'inner' | 'left' | 'outer';
  readonly joiner: string;
}

export interface ForeignKeyJoinNode extends Downstream, MaterializedFields {
  readonly op: 'fkJoin';
  readonly with: string;
  readonly type: 'inner' | 'left';
  /** The foreign key of a value of the left table. */
  readonly keyFn: string;
  readonly joiner: string;
}

export type TopologyNode =
  | StreamSourceNode
  | TableSourceNode
  | StoreNode
  | FilterNode
  | MapValuesNode
  | FlatMapValuesNode
  | MapNode
  | FlatMapNode
  | SelectKeyNode
  | MergeNode
  | SplitNode
  | ToStreamNode
  | ToTableNode
  | RepartitionNode
  | ToNode
  | ProcessNode
  | GroupByKeyNode
  | GroupByNode
  | WindowedByNode
  | EmitStrategyNode
  | CountNode
  | ReduceNode
  | AggregateNode
  | CogroupNode
  | CogroupAlsoNode
  | SuppressNode
  | StreamJoinNode
  | StreamTableJoinNode
  | StreamGlobalJoinNode
  | TableJoinNode
  | ForeignKeyJoinNode;
