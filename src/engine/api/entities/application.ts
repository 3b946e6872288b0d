import type { EntityId } from '../frame.ts';
import type { NodeId, TopicPartitionName } from '../ids.ts';

/** Id `application:<id>`. */
export interface ApplicationEntity {
  readonly kind: 'application';
  readonly id: EntityId;
  readonly name: string;
  readonly instances: readonly NodeId[];
  readonly subtopologies: readonly SubtopologyFacts[];
  readonly windows: WindowFacts | null;
  readonly globalTables: readonly GlobalTableFacts[];
  readonly droppedLate: number;
  readonly processed: number;
  /** Records for its own topics, changelogs included, that its producers hold or that are not acknowledged yet. */
  readonly passingOn: number;
  readonly recordsPerSecond: number;
}

export interface SubtopologyFacts {
  readonly id: number;
  readonly sources: readonly string[];
  readonly sinks: readonly string[];
  readonly stores: readonly string[];
  /** Short words for what it does: `re-key`, `count per minute`. */
  readonly label: string;
}

/** One instance's copy of a global table. */
export interface GlobalTableFacts {
  readonly topic: string;
  readonly store: string;
  readonly instance: NodeId;
  /** `reading`: it is read to where its topic ended at the start, and nothing is processed before. */
  readonly state: 'reading' | 'following';
  readonly entries: number;
  /** Records between what was applied and the end of the topic when the instance started; 0 once it follows. */
  readonly remaining: number;
}

/** Windows over all tasks, newest first. */
export interface WindowFacts {
  readonly sizeMs: number;
  readonly advanceMs: number;
  readonly graceMs: number;
  /** Highest stream time of a task, −1 before the first record. */
  readonly streamTime: number;
  readonly rows: readonly WindowRow[];
  readonly closed: number;
  /** Older rows that are not listed. */
  readonly rowsHidden: number;
}

export interface WindowRow {
  readonly start: number;
  readonly end: number;
  readonly state: 'open' | 'grace' | 'closed';
  readonly keys: number;
  /** Records counted in it. */
  readonly count: number;
}

/** Id `task:<application>/<id>`. */
export interface TaskEntity {
  readonly kind: 'task';
  readonly id: EntityId;
  readonly application: string;
  /** `subtopology_partition`, as Kafka Streams names it. */
  readonly task: string;
  readonly subtopology: number;
  readonly partition: number;
  /** '' while nobody has it. */
  readonly instance: NodeId;
  /** Index of the stream thread that has it there; left out: nobody has it. */
  readonly thread?: number;
  readonly state: 'unassigned' | 'created' | 'restoring' | 'running' | 'closed';
  readonly inputs: readonly TopicPartitionName[];
  readonly buffered: number;
  readonly processed: number;
  readonly streamTime: number;
  readonly droppedLate: number;
  /** Entries of its stores. */
  readonly storeEntries: number;
  /** Changelog records still to read. */
  readonly restoreRemaining: number;
  /** Copies of its stores on other instances, standby tasks and such as warm up; by instance. */
  readonly copies: readonly TaskCopy[];
  readonly recordsPerSecond: number;
}

export interface TaskCopy {
  readonly instance: NodeId;
  /** Changelog records that it has not applied yet, as far as consumers may read them. */
  readonly behind: number;
}
