import type { AppendList } from '../../base/append-list.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { Before } from '../../api/improvements.ts';
import type { CallSpec, OutputSpec } from '../../api/scenario.ts';
import { offsetAt, type RecordBatch } from '../../protocol/record-batch.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { Consumer, RecordSlice } from '../consumer/consumer-state.ts';
import type { Bootstrap } from './bootstrap.ts';
import type { OutputPlay } from './output-play.ts';

/** What a node that reads topics as a member of a group is started with. Frozen. */
export interface ConsumerProgramConfig {
  /** Its `client.id`. */
  readonly id: string;
  readonly bootstrap: Bootstrap;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Of the names of what it reads, instead of `topics`. */
  readonly topicsPattern?: string | undefined;
  /** Simulated work for one record, in µs. */
  readonly workMicros: SimDuration;
  /** Another thread works; left out: the one that polls. */
  readonly work?: 'in-worker' | undefined;
  /** What it writes; left out: nothing. */
  readonly output?: OutputSpec | undefined;
  /** Whom it calls for each record; left out: nobody. */
  readonly calls?: CallSpec | undefined;
  /** Overrides of the consumer's configuration, checked before. */
  readonly overrides: ConfigOverrides;
  /** Improvements that its consumer is without. */
  readonly before?: Before;
}

/** Records that the application is done with: offsets from `from` up to and with `last`. Frozen. */
export interface ProcessedRange {
  readonly at: SimTime;
  readonly name: TopicPartitionName;
  readonly from: number;
  readonly last: number;
  readonly count: number;
  /** What they stand in. */
  readonly batch: RecordBatch;
}

/** What the application of a member has read and done. */
export interface ReaderMemory {
  readonly consumer: Consumer;
  /** What poll() returned last; empty once the thread that polls has done that itself. */
  working: readonly RecordSlice[];
  /** Records that poll() returned in this life. */
  given: number;
  /** Handed to the worker thread and not done, oldest first; it works on the first. Null: the thread that polls works. */
  handed: readonly RecordSlice[] | null;
  /** Records processed in this life. */
  processed: number;
  /** What was processed in this life, for an outsider's ledger. */
  readonly ranges: AppendList<ProcessedRange>;
}

export interface ConsumerMemory extends ReaderMemory {
  readonly config: ConsumerProgramConfig;
  /** Null for a member that only reads. */
  readonly output: OutputPlay | null;
  /** Token of the commit that the application waits for, 0 for none. */
  awaiting: number;
  stopping: boolean;
}

/** Rings when work is done. */
export const WORK = 'work';

export const recordsIn = (slices: readonly RecordSlice[]): number =>
  slices.reduce((sum, { from, to }) => sum + to - from, 0);

/** The application is done with a part of a batch. */
export function reportDone(memory: ReaderMemory, context: NodeContext, slice: RecordSlice): void {
  const { name, batch, from, to } = slice;
  const count = to - from;
  memory.processed += count;
  const place = { name, from: offsetAt(batch, from), last: offsetAt(batch, to - 1), count, batch };
  memory.ranges.push(Object.freeze({ at: context.now(), ...place }));
}
