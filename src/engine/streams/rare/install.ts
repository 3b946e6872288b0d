import * as cogroups from '../dsl/cogroup.ts';
import * as foreignKeyJoins from '../dsl/foreign-key-join.ts';
import * as processors from '../dsl/processors.ts';
import * as streamJoins from '../dsl/stream-joins.ts';
import * as suppression from '../dsl/suppress.ts';
import * as tableAggregations from '../dsl/table-aggregations.ts';
import * as tableJoins from '../dsl/table-joins.ts';
import * as tableSources from '../dsl/table-sources.ts';
import * as tables from '../dsl/tables.ts';
import * as sessions from '../operators/session-aggregate.ts';
import * as sliding from '../operators/sliding-aggregate.ts';
import { bufferedBytes, type BufferedRecord } from '../state-stores/buffered-record.ts';
import { GraceBuffer, newGraceBufferState, type GraceBufferState } from '../state-stores/grace-buffer.ts';
import { KeyValueStore, newKeyValueState, type KeyValueState } from '../state-stores/key-value-store.ts';
import { LruStore, newLruState, type LruState } from '../state-stores/lru-store.ts';
import { orderedTime } from '../state-stores/ordered-time.ts';
import {
  listBytes,
  newOuterJoinBufferState,
  OuterJoinBuffer,
  type OuterJoinBufferState,
} from '../state-stores/outer-join-buffer.ts';
import { newSessionState, SessionStore, type SessionState } from '../state-stores/session-store.ts';
import type { StoreType } from '../state-stores/store-type.ts';
import {
  newSubscriptionState,
  SubscriptionStore,
  type SubscriptionState,
} from '../state-stores/subscription-store.ts';
import {
  newSuppressBufferState,
  SuppressBuffer,
  type SuppressBufferState,
} from '../state-stores/suppress-buffer.ts';
import {
  newTimestampedKeyValueState,
  TimestampedKeyValueStore,
  type TimestampedKeyValueState,
} from '../state-stores/timestamped-key-value-store.ts';
import { newVersionedState, VersionedStore, type VersionedState } from '../state-stores/versioned-store.ts';
import { RARE } from '../rare.ts';

const outerJoinBuffer: StoreType = {
  newState: newOuterJoinBufferState,
  bind: (definition, state, context) =>
    new OuterJoinBuffer(definition, state as OuterJoinBufferState, context),
  changelogValue: ({ store, value }) =>
    listBytes(value as readonly unknown[], (item) => store.value.serialize(item)),
};

const graceBuffer: StoreType = {
  newState: newGraceBufferState,
  bind: (definition, state, context) => new GraceBuffer(definition, state as GraceBufferState, context),
  changelogValue: ({ store, value }) => bufferedBytes(value as BufferedRecord, store.value) + orderedTime(0),
};

const subscription: StoreType = {
  newState: newSubscriptionState,
  bind: (definition, state, context) =>
    new SubscriptionStore(definition, state as SubscriptionState, context),
};

const keyValue: StoreType = {
  newState: newKeyValueState,
  bind: (definition, state, context) => new KeyValueStore(definition, state as KeyValueState, context),
};

const session: StoreType = {
  newState: newSessionState,
  bind: (definition, state, context) => new SessionStore(definition, state as SessionState, context),
};

const suppressBuffer: StoreType = {
  newState: newSuppressBufferState,
  bind: (definition, state, context) => new SuppressBuffer(definition, state as SuppressBufferState, context),
  changelogValue: ({ store, value, start }) =>
    bufferedBytes(value as BufferedRecord, store.value) + orderedTime(start),
};

const timestampedKeyValue: StoreType = {
  newState: newTimestampedKeyValueState,
  bind: (definition, state, context) =>
    new TimestampedKeyValueStore(definition, state as TimestampedKeyValueState, context),
};

const lru: StoreType = {
  newState: newLruState,
  bind: (definition, state, context) => new LruStore(definition, state as LruState, context),
};

const versioned: StoreType = {
  newState: newVersionedState,
  bind: (definition, state, context) => new VersionedStore(definition, state as VersionedState, context),
};

// Loading this module installs the part.
RARE.install({
  ...cogroups,
  ...streamJoins,
  ...tableJoins,
  ...foreignKeyJoins,
  ...processors,
  ...sessions,
  ...sliding,
  ...suppression,
  ...tables,
  ...tableSources,
  ...tableAggregations,
  stores: {
    keyValue,
    timestampedKeyValue,
    lru,
    versioned,
    session,
    suppressBuffer,
    outerJoinBuffer,
    graceBuffer,
    subscription,
  },
});
