import type { NodeId } from '../../api/ids.ts';
import type { QueriedCopy, QueryRow, StoreQuery } from '../../api/query-act.ts';

/**
 * What a request is for: `routed`: a key, answered by whoever owns it, or a redirect there; `hosts`: who has partitions of the store;
 * `local`: what this instance itself has of it.
 */
export type QueryScope = 'routed' | 'hosts' | 'local';

/** An HTTP GET to an instance of an application. Frozen. */
export interface QueryRequest {
  readonly kind: 'query-request';
  readonly id: number;
  readonly scope: QueryScope;
  readonly query: StoreQuery;
}

/** Its answer. Frozen. */
export interface QueryResponse {
  readonly kind: 'query-response';
  readonly id: number;
  readonly status: number;
  /** As a sentence; of exceptions of Kafka Streams with class and text. */
  readonly what: string;
  /** Of a redirect: where to. */
  readonly location: NodeId | null;
  /** Who has copies of the key's partition. */
  readonly standbys: readonly NodeId[];
  /** All who have partitions of the store, and how many it has. */
  readonly hosts: readonly NodeId[];
  readonly partitions: number;
  /** Whoever answers is in charge of the key: nobody else knows better. */
  readonly owner: boolean;
  readonly copies: readonly QueriedCopy[];
  readonly rows: readonly QueryRow[];
  readonly more: number;
}

/** Most rows of one answer. */
export const ROWS_MAX = 100;

const HEADERS = 240;
const PER_ROW = 40;

/** About how many bytes the request takes on the wire. */
export const requestBytes = ({ query }: QueryRequest): number =>
  HEADERS + query.store.length + (query.key?.length ?? 0);

/** About how many bytes the answer takes on the wire. */
export const responseBytes = ({ rows, what }: QueryResponse): number =>
  rows.reduce((sum, { key, value }) => sum + PER_ROW + key.length + value.length, HEADERS + what.length);

export const isQueryRequest = (message: object): message is QueryRequest =>
  'kind' in message && message.kind === 'query-request';

export const isQueryResponse = (message: object): message is QueryResponse =>
  'kind' in message && message.kind === 'query-response';
