import type { SimTime } from '../../base/time.ts';
import type { QueryRequest } from '../../client/queries/query-message.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { HostTasks } from '../assignor/host-tasks.ts';
import type { KeyMetadata } from './key-metadata.ts';

/** A stale read that waits for the ends of the changelogs. */
export interface WaitingQuery {
  readonly connection: ConnectionId;
  readonly request: QueryRequest;
  /** Of the administrator's call. */
  readonly token: number;
  readonly deadline: SimTime;
  /** Of a key; null: all that is here is read. */
  readonly metadata: KeyMetadata | null;
  /** It was answered without: the call's own answer is still to come. */
  readonly answered: boolean;
}

/** What answers queries in an instance, beside its stream thread. Plain data. */
export interface QueryServer {
  /** Who has which task, as the last assignment said (`StreamsMetadataState`); empty before the first. */
  hosts: readonly HostTasks[];
  waiting: readonly WaitingQuery[];
}

export const newQueryServer = (): QueryServer => ({ hosts: [], waiting: [] });
