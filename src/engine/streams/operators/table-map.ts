import type { Predicate } from '../functions/predicates.ts';
import type { TableStore } from '../state-stores/table-store.ts';
import type { TableRef } from '../dsl/refs.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import { ChangeForwarder } from './change-forwarder.ts';
import {
  MappedValueGetterSupplier,
  StoreValueGetterSupplier,
  type TableSupplier,
  type ValueGetterSupplier,
} from './table-supplier.ts';

type ValueMap = (key: unknown, value: unknown) => unknown;

/** A table computed value by value from another: `filter`, `filterNot`, `mapValues` (`KTableFilter`, `KTableMapValues`). */
export class TableMapSupplier implements TableSupplier {
  /** Changes that are not the latest of a versioned table matter, even if nothing changes for this table. */
  useVersionedSemantics = false;
  private readonly parent: TableRef;
  private readonly map: ValueMap;
  private readonly storeName: string | undefined;
  /** A filter need not tell that nothing became nothing. */
  private readonly isFilter: boolean;
  private sendOldValues: boolean;

  constructor(
    parent: TableRef,
    map: ValueMap,
    options: { isFilter: boolean; storeName: string | undefined },
  ) {
    this.parent = parent;
    this.map = map;
    this.isFilter = options.isFilter;
    this.storeName = options.storeName;
    this.sendOldValues = options.isFilter ? parent.enableSendingOldValues(false) : false;
  }

  enableSendingOldValues(force: boolean): boolean {
    if (this.storeName !== undefined || this.parent.enableSendingOldValues(force)) this.sendOldValues = true;
    return this.sendOldValues;
  }

  view(): ValueGetterSupplier {
    if (this.storeName !== undefined) return new StoreValueGetterSupplier(this.storeName);
    return new MappedValueGetterSupplier(this.parent.supplier.view(), this.map);
  }

  create(context: ProcessorContext): Processor {
    const { storeName, map, sendOldValues } = this;
    const skipsNothing = this.isFilter && sendOldValues && !this.useVersionedSemantics;
    if (storeName === undefined) return unmaterialized(context, map, { sendOldValues, skipsNothing });
    return new MaterializedMap(context, { storeName, map, sendOldValues, skipsNothing });
  }
}

interface MapOptions {
  readonly sendOldValues: boolean;
  readonly skipsNothing: boolean;
}

function unmaterialized(context: ProcessorContext, map: ValueMap, options: MapOptions): Processor {
  const { sendOldValues, skipsNothing } = options;
  return {
    process({ key, value, oldValue, isLatest, timestamp, headers }) {
      const mapped = map(key, value);
      const mappedOld = sendOldValues ? map(key, oldValue) : null;
      if (skipsNothing && mapped === null && mappedOld === null) return;
      context.forward({ key, value: mapped, oldValue: mappedOld, isLatest, timestamp, headers });
    },
  };
}

class MaterializedMap implements Processor {
  private readonly options: MapOptions & { readonly map: ValueMap };
  private readonly store: TableStore;
  private readonly forwarder: ChangeForwarder;

  constructor(
    context: ProcessorContext,
    options: MapOptions & { readonly map: ValueMap; readonly storeName: string },
  ) {
    this.options = options;
    this.store = context.store<TableStore>(options.storeName);
    this.forwarder = new ChangeForwarder(context, this.store, options.sendOldValues);
  }

  process(record: StreamRecord): void {
    const { key, timestamp } = record;
    const { map, sendOldValues, skipsNothing } = this.options;
    const value = map(key, record.value);
    const oldValue = sendOldValues ? (this.store.get(key)?.value ?? null) : null;
    if (skipsNothing && value === null && oldValue === null) return;
    const put = this.store.put(key, value, timestamp);
    this.forwarder.forward(record, { key, value, oldValue, timestamp }, put);
  }
}

/** What a filter does to a value: keeps it or makes it nothing. */
export function filterMap(predicate: Predicate, negated: boolean): ValueMap {
  return (key, value) => (value !== null && predicate(key, value) !== negated ? value : null);
}

/** What a mapper does to a value; nothing stays nothing. */
export function valueMap(mapper: ValueMap): ValueMap {
  return (key, value) => (value === null ? null : mapper(key, value));
}
