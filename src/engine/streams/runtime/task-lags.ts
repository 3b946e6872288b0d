import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import type { Bytes } from '../../base/bytes.ts';
import type { TopicPartition } from '../../client/consumer/subscription-state.ts';
import { LATEST } from '../assignor/client-state.ts';
import { decodeMemberData } from '../assignor/member-data.ts';
import { partitionOf, type TaskId } from '../assignor/task-id.ts';
import type { ApplicationPlan } from './application-plan.ts';
import { restorableStores } from './source-changelogs.ts';
import { subTopologyOf } from './runtime-task.ts';

/** Where each partition of a changelog ends. */
export type ChangelogEnds = ReadonlyMap<TopicPartitionName, number>;

/** Partitions of changelogs that hold the state of a task. */
export function changelogsOf(plan: ApplicationPlan, task: TaskId): TopicPartition[] {
  const part = subTopologyOf(plan, task);
  return restorableStores(part).map(({ name }) => ({
    topic: part.changelogOf(name),
    partition: partitionOf(task),
  }));
}

interface Claims {
  readonly stateful: readonly TaskId[];
  readonly ends: ChangelogEnds;
  /** What the threads of the process have told. */
  readonly userData: readonly (Bytes | null)[];
}

/**
 * How far a process's copy of each task is behind, in changelog records, by what its threads say. Without a copy it has all to
 * read; so it has when it says more than there is: its changelog was made anew (`ClientState.computeTaskLags`).
 */
export function taskLags(plan: ApplicationPlan, { stateful, ends, userData }: Claims): Map<TaskId, number> {
  const tasks = new Map(userData.flatMap((bytes) => [...decodeMemberData(bytes).tasks]));
  return new Map(
    stateful.map((task) => {
      const end = changelogsOf(plan, task).reduce(
        (sum, { topic, partition }) => sum + (ends.get(topicPartition(topic, partition)) ?? 0),
        0,
      );
      const reached = tasks.get(task) ?? 0;
      if (reached === LATEST) return [task, LATEST];
      return [task, reached > end ? end : end - reached];
    }),
  );
}
