import type { Stamped } from '../state-stores/store.ts';
import type { TableStore } from '../state-stores/table-store.ts';
import type { ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { StreamsError } from '../task/streams-error.ts';

/** Reads the current (or an earlier) value of a table, materialised or computed from one that is. */
export interface ValueGetter {
  readonly versioned: boolean;
  get(key: unknown): Stamped | undefined;
  getAsOf(key: unknown, timestamp: number): Stamped | undefined;
}

/** Makes a {@link ValueGetter} for a processor that is connected to the stores it names. */
export interface ValueGetterSupplier {
  readonly storeNames: readonly string[];
  get(context: ProcessorContext): ValueGetter;
}

/** An operator whose result is a table. */
export interface TableSupplier extends ProcessorSupplier {
  /**
   * Asks that changes carry the old value too. Without `force` a table that would have to be materialised for it says
   * no. Returns whether they will.
   */
  enableSendingOldValues(force: boolean): boolean;
  view(): ValueGetterSupplier;
}

/** Reads a materialised table's store. */
export class StoreValueGetterSupplier implements ValueGetterSupplier {
  readonly storeNames: readonly string[];
  private readonly storeName: string;

  constructor(storeName: string) {
    this.storeName = storeName;
    this.storeNames = [storeName];
  }

  get(context: ProcessorContext): ValueGetter {
    const store = context.store<TableStore>(this.storeName);
    const { kind } = store.definition;
    if (kind === 'timestampedWindow' || kind === 'session')
      throw new StreamsError(
        'InvalidStateStoreException',
        `Cannot read windowed store ${this.storeName} by plain keys.`,
      );
    return {
      versioned: store.versioned,
      get: (key) => store.get(key),
      getAsOf: (key, timestamp) => store.getAsOf(key, timestamp),
    };
  }
}

/** Reads a table that is computed value by value from another one. */
export class MappedValueGetterSupplier implements ValueGetterSupplier {
  readonly storeNames: readonly string[];
  private readonly parent: ValueGetterSupplier;
  private readonly map: (key: unknown, value: unknown) => unknown;

  constructor(parent: ValueGetterSupplier, map: (key: unknown, value: unknown) => unknown) {
    this.parent = parent;
    this.map = map;
    this.storeNames = parent.storeNames;
  }

  get(context: ProcessorContext): ValueGetter {
    const getter = this.parent.get(context);
    const mapped = (key: unknown, entry: Stamped | undefined): Stamped | undefined => {
      const value = this.map(key, entry === undefined ? null : entry.value);
      if (value === null) return undefined;
      return { value, timestamp: entry === undefined ? context.timestamp() : entry.timestamp };
    };
    return {
      versioned: getter.versioned,
      get: (key) => mapped(key, getter.get(key)),
      getAsOf: (key, timestamp) => mapped(key, getter.getAsOf(key, timestamp)),
    };
  }
}
