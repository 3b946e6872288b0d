import type { TableRef } from '../dsl/refs.ts';
import type { ValueJoiner } from '../functions/joiners.ts';
import { ChangeForwarder } from '../operators/change-forwarder.ts';
import {
  StoreValueGetterSupplier,
  type TableSupplier,
  type ValueGetter,
  type ValueGetterSupplier,
} from '../operators/table-supplier.ts';
import type { Stamped } from '../state-stores/store.ts';
import type { TableStore } from '../state-stores/table-store.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import { withChange, type StreamRecord } from '../task/stream-record.ts';

export interface TableJoinOptions {
  readonly own: TableRef;
  readonly other: TableRef;
  /** A result needs a value of this side. */
  readonly needsOwn: boolean;
  /** A result needs a value of the other side. */
  readonly needsOther: boolean;
  /** Takes this side's value before the other's. */
  readonly joiner: (own: unknown, other: unknown) => unknown;
}

/** One side of a table-table join (`KTableKTableInnerJoin`, `…LeftJoin`, `…RightJoin`, `…OuterJoin`). */
export class TableJoinSideSupplier implements TableSupplier {
  /** Changes that are not the latest of a versioned table are ignored. */
  useVersionedSemantics = false;
  private readonly options: TableJoinOptions;
  private readonly ownGetter: ValueGetterSupplier;
  private readonly otherGetter: ValueGetterSupplier;
  private sendOldValues = false;

  constructor(options: TableJoinOptions) {
    this.options = options;
    this.ownGetter = options.own.supplier.view();
    this.otherGetter = options.other.supplier.view();
  }

  enableSendingOldValues(): boolean {
    this.options.own.enableSendingOldValues(true);
    this.options.other.enableSendingOldValues(true);
    this.sendOldValues = true;
    return true;
  }

  view(): ValueGetterSupplier {
    return new JoinedValueGetterSupplier(this.options, this.ownGetter, this.otherGetter);
  }

  create(context: ProcessorContext): Processor {
    const { options, sendOldValues, useVersionedSemantics } = this;
    return new TableJoinSide(context, { ...options, sendOldValues, useVersionedSemantics }, this.otherGetter);
  }
}

class TableJoinSide implements Processor {
  private readonly context: ProcessorContext;
  private readonly options: TableJoinOptions & {
    readonly sendOldValues: boolean;
    readonly useVersionedSemantics: boolean;
  };
  private readonly other: ValueGetter;

  constructor(context: ProcessorContext, options: TableJoinSide['options'], other: ValueGetterSupplier) {
    this.context = context;
    this.options = options;
    this.other = other.get(context);
  }

  process(record: StreamRecord): void {
    const { needsOther, sendOldValues, useVersionedSemantics } = this.options;
    if (record.key === null || (useVersionedSemantics && !record.isLatest)) {
      this.context.dropped();
      return;
    }
    const other = this.other.get(record.key);
    if (other === undefined && (needsOther || (record.value === null && record.oldValue === null))) return;
    const timestamp = Math.max(record.timestamp, other?.timestamp ?? -1);
    const value = this.joined(record.value, other);
    const oldValue = sendOldValues ? this.joined(record.oldValue, other) : null;
    this.context.forward(withChange(record, value, oldValue, timestamp));
  }

  /** The result for a value of this side; none if a needed side, or both, are missing. */
  private joined(own: unknown, other: Stamped | undefined): unknown {
    const { needsOwn, joiner } = this.options;
    if (own === null && (needsOwn || other === undefined)) return null;
    return joiner(own, other?.value ?? null);
  }
}

class JoinedValueGetterSupplier implements ValueGetterSupplier {
  readonly storeNames: readonly string[];
  private readonly options: TableJoinOptions;
  private readonly own: ValueGetterSupplier;
  private readonly other: ValueGetterSupplier;

  constructor(options: TableJoinOptions, own: ValueGetterSupplier, other: ValueGetterSupplier) {
    this.options = options;
    this.own = own;
    this.other = other;
    this.storeNames = [...new Set([...own.storeNames, ...other.storeNames])];
  }

  get(context: ProcessorContext): ValueGetter {
    const { needsOwn, needsOther, joiner } = this.options;
    const [own, other] = [this.own.get(context), this.other.get(context)];
    const get = (key: unknown): Stamped | undefined => {
      const mine = own.get(key);
      if (mine === undefined && needsOwn) return undefined;
      const theirs = other.get(key);
      if (theirs === undefined && (needsOther || mine === undefined)) return undefined;
      const value = joiner(mine?.value ?? null, theirs?.value ?? null);
      if (value === null) return undefined;
      return { value, timestamp: Math.max(mine?.timestamp ?? -1, theirs?.timestamp ?? -1) };
    };
    return { versioned: false, get, getAsOf: get };
  }
}

/** Where both sides of a join meet, and where its result is kept if it is (`KTableKTableJoinMerger`). */
export class TableJoinMergeSupplier implements TableSupplier {
  private readonly sides: readonly [TableSupplier, TableSupplier];
  private readonly storeName: string | undefined;
  private sendOldValues = false;

  constructor(sides: readonly [TableSupplier, TableSupplier], storeName: string | undefined) {
    this.sides = sides;
    this.storeName = storeName;
  }

  enableSendingOldValues(): boolean {
    for (const side of this.sides) side.enableSendingOldValues(true);
    this.sendOldValues = true;
    return true;
  }

  view(): ValueGetterSupplier {
    if (this.storeName !== undefined) return new StoreValueGetterSupplier(this.storeName);
    return this.sides[0].view();
  }

  create(context: ProcessorContext): Processor {
    const { sendOldValues, storeName } = this;
    if (storeName === undefined)
      return {
        process: (record) => context.forward(sendOldValues ? record : { ...record, oldValue: null }),
      };
    const store = context.store<TableStore>(storeName);
    const forwarder = new ChangeForwarder(context, store, sendOldValues);
    return {
      process(record) {
        const { key, value, oldValue, timestamp } = record;
        const put = store.put(key, value, timestamp);
        forwarder.forward(record, { key, value, oldValue, timestamp }, put);
      },
    };
  }
}

/** A joiner without key, as table-table joins take it, with sides in the given order. */
export const sidesOf = (joiner: ValueJoiner, swapped: boolean): TableJoinOptions['joiner'] =>
  swapped ? (own, other) => joiner(null, other, own) : (own, other) => joiner(null, own, other);
