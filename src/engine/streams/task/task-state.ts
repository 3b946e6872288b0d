import { newStoreState } from '../state-stores/stores.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { PunctuationType } from './processor.ts';

/** A promise to call a processor at a time, again and again. */
export interface PunctuationSchedule {
  readonly node: string;
  readonly name: string;
  readonly type: PunctuationType;
  /** Milliseconds. */
  readonly interval: number;
  /** When it is due next, in milliseconds of its clock. */
  next: number;
  /** Order of scheduling: settles ties. */
  readonly order: number;
  cancelled: boolean;
}

/** What a task counts, as Kafka's task metrics do. */
export interface TaskMetrics {
  /** `dropped-records-total`. */
  dropped: number;
  /** Of these: windows that had closed when a record came for them. */
  late: number;
  /** `punctuate-total`. */
  punctuated: number;
  processed: number;
}

/**
 * All of a task that survives a checkpoint: plain data and containers that fork themselves. What the topology compiles
 * to is not part of it and is made again from the topology.
 */
export interface TaskState {
  /** Largest timestamp of any record polled; −1 before the first. */
  streamTime: number;
  /** Topic and partition → largest timestamp. */
  readonly partitionTimes: Map<string, number>;
  /** Store → its state. */
  readonly stores: Map<string, object>;
  /** Processor, or a name several processors share → its state. */
  readonly operators: Map<string, object>;
  readonly punctuations: PunctuationSchedule[];
  /** Schedules made so far. */
  scheduled: number;
  readonly metrics: TaskMetrics;
  /** Processors have been started: their schedules exist. */
  started: boolean;
}

export function newTaskState(stores: readonly StoreDefinition[]): TaskState {
  return {
    streamTime: -1,
    partitionTimes: new Map(),
    stores: new Map(stores.map((store) => [store.name, newStoreState(store)])),
    operators: new Map(),
    punctuations: [],
    scheduled: 0,
    metrics: { dropped: 0, late: 0, punctuated: 0, processed: 0 },
    started: false,
  };
}
