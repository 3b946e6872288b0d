import { Part } from '../base/part.ts';
import type * as cogroups from './dsl/cogroup.ts';
import type * as foreignKeyJoins from './dsl/foreign-key-join.ts';
import type * as processors from './dsl/processors.ts';
import type * as streamJoins from './dsl/stream-joins.ts';
import type * as suppression from './dsl/suppress.ts';
import type * as tableAggregations from './dsl/table-aggregations.ts';
import type * as tableJoins from './dsl/table-joins.ts';
import type * as tableSources from './dsl/table-sources.ts';
import type * as tables from './dsl/tables.ts';
import type * as sessions from './operators/session-aggregate.ts';
import type * as sliding from './operators/sliding-aggregate.ts';
import type { StoreKind } from './state-stores/store.ts';
import type { StoreTypes } from './state-stores/store-type.ts';

interface Stores {
  readonly stores: StoreTypes<Exclude<StoreKind, 'window' | 'timestampedWindow'>>;
}

/**
 * What Kafka Streams has beyond streams, groups and aggregates by time windows: tables, joins, sessions and sliding
 * windows, cogroups, suppression, processors. A topology that needs any of it cannot be built without it, and one that
 * is built never asks for it: it is missed before a run begins, or never.
 */
export const RARE = new Part<
  typeof cogroups &
    typeof streamJoins &
    typeof tableJoins &
    typeof foreignKeyJoins &
    typeof processors &
    typeof sessions &
    typeof sliding &
    typeof suppression &
    typeof tables &
    typeof tableSources &
    typeof tableAggregations &
    Stores
>('rare operators of Kafka Streams');
