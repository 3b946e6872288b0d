import type { Bytes } from '../../base/bytes.ts';
import type { Store, StoreChange, StoreContext, StoreDefinition, StoreKind } from './store.ts';

/** How the state of one kind of store begins, and the code that works on it. */
export interface StoreType {
  newState(): object;
  bind(definition: StoreDefinition, state: object, context: StoreContext): Store;
  /** The value of a change as the changelog topic holds it. Absent: the bytes of the store's values. */
  changelogValue?(change: StoreChange): Bytes;
}

export type StoreTypes<K extends StoreKind> = Readonly<Record<K, StoreType>>;
