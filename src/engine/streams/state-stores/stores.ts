import { KeyValueStore, newKeyValueState, type KeyValueState } from './key-value-store.ts';
import { CachingLruStore, newCachingLruState, type CachingLruState } from './caching-lru-store.ts';
import { LruStore, type LruState } from './lru-store.ts';
import { GraceBuffer, newGraceBufferState, type GraceBufferState } from './grace-buffer.ts';
import { newOuterJoinBufferState, OuterJoinBuffer, type OuterJoinBufferState } from './outer-join-buffer.ts';
import { newSubscriptionState, SubscriptionStore, type SubscriptionState } from './subscription-store.ts';
import { newSuppressBufferState, SuppressBuffer, type SuppressBufferState } from './suppress-buffer.ts';
import { newSessionState, SessionStore, type SessionState } from './session-store.ts';
import type { Store, StoreContext, StoreDefinition, StoreKind } from './store.ts';
import {
  newTimestampedKeyValueState,
  TimestampedKeyValueStore,
  type TimestampedKeyValueState,
} from './timestamped-key-value-store.ts';
import { newVersionedState, VersionedStore, type VersionedState } from './versioned-store.ts';
import { newWindowState, WindowStore, type WindowState } from './window-store.ts';

/** How the state of one kind of store begins, and the code that works on it. */
interface StoreType {
  newState(): object;
  bind(definition: StoreDefinition, state: object, context: StoreContext): Store;
}

const windowType: StoreType = {
  newState: newWindowState,
  bind: (definition, state, context) => new WindowStore(definition, state as WindowState, context),
};

const STORE_TYPES: Readonly<Record<StoreKind, StoreType>> = {
  keyValue: {
    newState: newKeyValueState,
    bind: (definition, state, context) => new KeyValueStore(definition, state as KeyValueState, context),
  },
  timestampedKeyValue: {
    newState: newTimestampedKeyValueState,
    bind: (definition, state, context) =>
      new TimestampedKeyValueStore(definition, state as TimestampedKeyValueState, context),
  },
  lru: {
    newState: newCachingLruState,
    bind: (definition, state, context) =>
      definition.caching
        ? new CachingLruStore(definition, state as CachingLruState, context)
        : new LruStore(definition, state as LruState, context),
  },
  window: windowType,
  timestampedWindow: windowType,
  session: {
    newState: newSessionState,
    bind: (definition, state, context) => new SessionStore(definition, state as SessionState, context),
  },
  versioned: {
    newState: newVersionedState,
    bind: (definition, state, context) => new VersionedStore(definition, state as VersionedState, context),
  },
  suppressBuffer: {
    newState: newSuppressBufferState,
    bind: (definition, state, context) =>
      new SuppressBuffer(definition, state as SuppressBufferState, context),
  },
  outerJoinBuffer: {
    newState: newOuterJoinBufferState,
    bind: (definition, state, context) =>
      new OuterJoinBuffer(definition, state as OuterJoinBufferState, context),
  },
  graceBuffer: {
    newState: newGraceBufferState,
    bind: (definition, state, context) => new GraceBuffer(definition, state as GraceBufferState, context),
  },
  subscription: {
    newState: newSubscriptionState,
    bind: (definition, state, context) =>
      new SubscriptionStore(definition, state as SubscriptionState, context),
  },
};

/** The empty state of a store: plain data that survives a checkpoint. */
export const newStoreState = (definition: StoreDefinition): object => STORE_TYPES[definition.kind].newState();

/** The code of a store at work on its state. */
export const bindStore = (definition: StoreDefinition, state: object, context: StoreContext): Store =>
  STORE_TYPES[definition.kind].bind(definition, state, context);
