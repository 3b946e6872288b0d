import type { Stamped } from '../state-stores/store.ts';
import type { SessionStore } from '../state-stores/session-store.ts';
import type { WindowStore } from '../state-stores/window-store.ts';
import type { Windowed } from '../serdes/windowed.ts';
import type { ProcessorContext } from '../task/processor.ts';
import type { ValueGetter, ValueGetterSupplier } from './table-supplier.ts';

/** Reads a windowed table by windowed key. */
export class WindowValueGetterSupplier implements ValueGetterSupplier {
  readonly storeNames: readonly string[];
  private readonly storeName: string;

  constructor(storeName: string) {
    this.storeName = storeName;
    this.storeNames = [storeName];
  }

  get(context: ProcessorContext): ValueGetter {
    const store = context.store<WindowStore>(this.storeName);
    const get = (key: unknown): Stamped | undefined => {
      const windowed = key as Windowed;
      return store.fetchOne(windowed.key, windowed.start) as Stamped | undefined;
    };
    return { versioned: false, get, getAsOf: get };
  }
}

/** Reads a table of sessions by windowed key. A session's time is its end. */
export class SessionValueGetterSupplier implements ValueGetterSupplier {
  readonly storeNames: readonly string[];
  private readonly storeName: string;

  constructor(storeName: string) {
    this.storeName = storeName;
    this.storeNames = [storeName];
  }

  get(context: ProcessorContext): ValueGetter {
    const store = context.store<SessionStore>(this.storeName);
    const get = (key: unknown): Stamped | undefined => {
      const { key: inner, start, end } = key as Windowed;
      const value = store.fetchSession(inner, start, end);
      return value === undefined ? undefined : { value, timestamp: end };
    };
    return { versioned: false, get, getAsOf: get };
  }
}
