import type { ConfigTarget } from './command.ts';
import type { ConfigSet } from './config/known-keys/known-keys.ts';
import type { EntityId } from './frame.ts';
import type { BrokerId } from './ids.ts';
import type { QueryKind } from './query-act.ts';
import type { CutRecord } from './trace-event.ts';

/** What the page wants to see more of: an entity's records, its configuration, or the stores that can be asked. */
export interface Watch {
  readonly id: EntityId;
  readonly what: 'records' | 'config' | 'stores';
}

export type Detail = RecordsDetail | ConfigDetail | StoresDetail;

/** The newest records of a partition on each replica. */
export interface RecordsDetail {
  readonly what: 'records';
  readonly id: EntityId;
  readonly replicas: readonly ReplicaRecords[];
}

export interface ReplicaRecords {
  readonly broker: BrokerId;
  readonly cells: readonly RecordCell[];
  /** What was cut from it in the last five seconds, and was not written anew since. */
  readonly cut: readonly CutRecord[];
}

export interface RecordCell {
  readonly offset: number;
  readonly key: string | null;
  readonly value: string;
  readonly timestamp: number;
  readonly leaderEpoch: number;
  /** Of a record that was written in a transaction. */
  readonly transaction?: CellTransaction;
  /** It is no record: it ends a transaction. */
  readonly marker?: 'COMMIT' | 'ABORT';
}

export interface CellTransaction {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** By the markers in this log. */
  readonly fate: 'open' | 'committed' | 'aborted';
}

export interface ConfigDetail {
  readonly what: 'config';
  readonly id: EntityId;
  /** Which of Kafka's sets of keys it has; null for what has none. */
  readonly set: ConfigSet | null;
  readonly rows: readonly ConfigRow[];
}

export interface ConfigRow {
  readonly key: string;
  /** The value in force. */
  readonly value: string;
  /** Set to come into force at the next start, or null. */
  readonly pending: string | null;
  readonly default: string;
  readonly unit: string;
  readonly changed: boolean;
  readonly update: 'dynamic' | 'restart';
  readonly effect: string;
  /** Allowed values, or empty. */
  readonly allowed: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  /** Where a set-config command has to go. */
  readonly target: ConfigTarget;
}

/** The stores of an application that can be queried, and what for. */
export interface StoresDetail {
  readonly what: 'stores';
  readonly id: EntityId;
  readonly stores: readonly QueryableStore[];
}

export interface QueryableStore {
  readonly name: string;
  readonly kinds: readonly QueryKind[];
  /** How its keys are written: `string`, `long` or `json`. */
  readonly key: string;
}
