import type { NodeId } from './ids.ts';

/** What can be asked of a store: one key, keys from one to another, the windows or the sessions of a key or of all. */
export const QUERY_KINDS = ['key', 'range', 'window', 'session'] as const;

export type QueryKind = (typeof QUERY_KINDS)[number];

/** What is asked of a store of a running application. Keys are written as text: JSON for objects, digits for longs. */
export interface StoreQuery {
  readonly store: string;
  readonly kind: QueryKind;
  /** Needed for one key; windows and sessions without it are those of all keys. */
  readonly key?: string;
  /** Ends of a range, both included; left out: open. */
  readonly fromKey?: string;
  readonly toKey?: string;
  /** Windows that start, sessions that touch the time, between the two, in ms since 1970; left out: open. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Copies may answer too, and stores that are being read back, however far behind they are (KIP-535). */
  readonly stale?: boolean;
}

/** One request of the REST client, as a person sends it (`KafkaStreams.store`, KIP-67). */
export interface QueryAct extends StoreQuery {
  readonly type: 'query';
  readonly application: string;
  /** The instance that is asked first; left out: the first that answers. */
  readonly instance?: NodeId;
}

/** Why an act's fields do not fit together, as the end of a sentence, or null. */
export function queryProblem({ kind, key, fromKey, toKey, fromMs, toMs }: QueryAct): string | null {
  if (kind === 'key' && key === undefined) return 'needs a key.';
  if (kind === 'range' && key !== undefined)
    return 'must have no key for a range; it goes from fromKey to toKey.';
  if (kind !== 'range' && (fromKey !== undefined || toKey !== undefined))
    return 'must have fromKey and toKey for a range only.';
  if ((kind === 'key' || kind === 'range') && (fromMs !== undefined || toMs !== undefined))
    return 'must have fromMs and toMs for windows and sessions only.';
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) return 'must not end before it begins.';
  return null;
}

/** A row of an answer: of a window or session with its start and end in ms, else −1. */
export interface QueryRow {
  readonly partition: number;
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** Of the record that made the value, in ms; −1 where the store does not keep it. */
  readonly timestamp: number;
}

/** One request of the client, and what became of it. */
export interface QueryHop {
  readonly host: NodeId;
  /** HTTP status; 0: no answer. */
  readonly status: number;
  /** In words. */
  readonly what: string;
}

/** A copy of a partition of the store that was read. */
export interface QueriedCopy {
  readonly partition: number;
  readonly host: NodeId;
  readonly copy: 'active' | 'suspended' | 'restoring' | 'standby' | 'global';
  /** Records of the changelog that it is behind; null: nobody said. */
  readonly lag: number | null;
}

/** What the client was told in the end. */
export interface QueryAnswer {
  /** HTTP status; 0: no answer. */
  readonly status: number;
  /** As a sentence. */
  readonly message: string;
  readonly hops: readonly QueryHop[];
  readonly copies: readonly QueriedCopy[];
  readonly rows: readonly QueryRow[];
  /** Rows beyond those that are shown. */
  readonly more: number;
}

/** `query counts of views: /blog`. */
export const queryWords = (act: QueryAct): string =>
  `query ${act.store} of ${act.application}: ${askedFor(act)}${act.stale === true ? ', stale allowed' : ''}`;

function askedFor({ kind, key, fromKey, toKey }: QueryAct): string {
  if (kind !== 'range') return key ?? `all ${kind}s`;
  return fromKey === undefined && toKey === undefined ? 'all keys' : `${fromKey ?? ''}…${toKey ?? ''}`;
}
