import { RARE } from '../rare.ts';
import type { StoreType } from './store-type.ts';
import type { Store, StoreContext, StoreDefinition, StoreKind } from './store.ts';
import { newWindowState, WindowStore, type WindowState } from './window-store.ts';

const WINDOWS: StoreType = {
  newState: newWindowState,
  bind: (definition, state, context) => new WindowStore(definition, state as WindowState, context),
};

/** The code of one kind of store. Throws a `MissingPartError`. */
export const storeType = (kind: StoreKind): StoreType =>
  kind === 'window' || kind === 'timestampedWindow' ? WINDOWS : RARE.code.stores[kind];

/** The empty state of a store: plain data that survives a checkpoint. */
export const newStoreState = ({ kind }: StoreDefinition): object => storeType(kind).newState();

/** The code of a store at work on its state. */
export const bindStore = (definition: StoreDefinition, state: object, context: StoreContext): Store =>
  storeType(definition.kind).bind(definition, state, context);
