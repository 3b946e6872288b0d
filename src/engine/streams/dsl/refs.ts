import type { AggregateStep } from '../functions/aggregators.ts';
import type { TableSupplier, ValueGetterSupplier } from '../operators/table-supplier.ts';
import type { Serde } from '../serdes/serde.ts';
import type { GraphNode } from '../topology/graph-node.ts';
import type { EmitStrategy } from '../topology/topology-node.ts';
import type { Windows } from '../windows/windows.ts';

/** What later nodes of a topology refer to by id. Made while the topology is built, gone afterwards. */
export type Ref =
  StreamRef | TableRef | GlobalTableRef | GroupedStreamRef | GroupedTableRef | CogroupRef | WindowedRef;

interface Typed {
  readonly key: Serde;
  readonly value: Serde;
}

/** A stream of records (`KStream`). */
export interface StreamRef extends Typed {
  readonly kind: 'stream';
  readonly name: string;
  readonly node: GraphNode;
  /** Names of the source processors it comes from: what must be co-partitioned in a join. */
  readonly sources: ReadonlySet<string>;
  /** The key changed since the last topic: a key-based operation needs a repartition topic first. */
  readonly repartitionRequired: boolean;
  /** The repartition that an earlier join made for this stream: later ones share it. */
  joinRepartition: GraphNode | undefined;
}

/** A table (`KTable`). */
export class TableRef {
  readonly kind = 'table';
  readonly name: string;
  readonly key: Serde;
  readonly value: Serde;
  readonly node: GraphNode;
  readonly sources: ReadonlySet<string>;
  readonly supplier: TableSupplier;
  private sendsOldValues = false;

  constructor(
    fields: Typed & {
      readonly name: string;
      readonly node: GraphNode;
      readonly sources: ReadonlySet<string>;
      readonly supplier: TableSupplier;
    },
  ) {
    this.name = fields.name;
    this.key = fields.key;
    this.value = fields.value;
    this.node = fields.node;
    this.sources = fields.sources;
    this.supplier = fields.supplier;
  }

  /** Asks the operator once; see {@link TableSupplier.enableSendingOldValues}. */
  enableSendingOldValues(force: boolean): boolean {
    if (!this.sendsOldValues) this.sendsOldValues = this.supplier.enableSendingOldValues(force);
    return this.sendsOldValues;
  }
}

/** A table that every instance holds whole (`GlobalKTable`). */
export interface GlobalTableRef extends Typed {
  readonly kind: 'globalTable';
  readonly getter: ValueGetterSupplier;
}

/** A stream about to be aggregated (`KGroupedStream`). */
export interface GroupedStreamRef extends Typed {
  readonly kind: 'groupedStream';
  readonly name: string;
  readonly node: GraphNode;
  readonly sources: ReadonlySet<string>;
  readonly repartitionRequired: boolean;
  /** Name of the repartition topic, as the user gave it. */
  readonly repartitionName: string | undefined;
  /** The repartition that an earlier aggregation of a named group made: later ones share it. */
  repartition: GraphNode | undefined;
}

/** A table about to be aggregated by another key (`KGroupedTable`). */
export interface GroupedTableRef extends Typed {
  readonly kind: 'groupedTable';
  readonly name: string;
  readonly node: GraphNode;
  readonly repartitionName: string | undefined;
  repartition: GraphNode | undefined;
}

/** Several grouped streams about to be aggregated into one table (`CogroupedKStream`). */
export interface CogroupRef extends Typed {
  readonly kind: 'cogroup';
  readonly parts: readonly { readonly group: GroupedStreamRef; readonly step: AggregateStep }[];
}

/** A group, or a cogroup, by windows. */
export interface WindowedRef {
  readonly kind: 'windowed';
  readonly group: GroupedStreamRef | CogroupRef;
  readonly windows: Windows;
  readonly emit: EmitStrategy;
}
