import type { ResetOffsets } from '../../../api/admin-act.ts';
import { NONE } from '../../../protocol/errors.ts';
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '../../../protocol/list-offsets.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import { describeGroup } from './group-tools.ts';
import {
  ask,
  done,
  failed,
  firstOf,
  hopeless,
  table,
  type Answer,
  type Question,
  type Told,
  type Tool,
} from './tool.ts';
import { countOf, offsetsOf, type Sought } from './topic-partitions.ts';

/** The last version that names topics, which the tools of Kafka 4.4 use. */
const BY_NAME = 9;

/**
 * `kafka-consumer-groups --reset-offsets --execute`, of all partitions of a topic. Groups with members are left alone; an
 * offset outside of the log becomes its nearest end, and a time after the last record the end.
 */
export const resetOffsets: Tool<ResetOffsets> = (act, told) => {
  const { group, topic } = act;
  const described = describeGroup(group, told);
  if ('kind' in described) return described;
  if (described.state !== 'Empty' && described.state !== 'Dead')
    return hopeless(
      `Assignments can only be reset if the group ${group} is inactive, but the current state is ${described.state}.`,
    );
  const targets = targetsOf(act, told);
  if ('kind' in targets) return targets;
  const answer = firstOf(told, 'OffsetCommit');
  if (answer === undefined) return commit(act, targets);
  const refused = answer.topics[0]?.partitions.find(({ errorCode }) => errorCode !== NONE);
  if (refused !== undefined) return failed(refused.errorCode, null);
  const rows = targets.map((offset, p) => [group, topic, `${p}`, `${offset}`]);
  return done(
    `Group ${group} begins anew in ${topic}: ${act.to}.`,
    table(['Group', 'Topic', 'Partition', 'New offset'], rows),
  );
};

/** Where the group is to go on in each partition of the topic, or what to ask or to print for want of it. */
export function targetsOf(act: Target, told: Told): readonly number[] | Question | Answer {
  const count = countOf(told, act.topic);
  if (typeof count !== 'number') return count;
  const bounds = offsetsOf(told, soughtFor(act, count));
  return 'kind' in bounds ? bounds : Array.from({ length: count }, (_, p) => targetOf(act, bounds, p));
}

type Target = Pick<ResetOffsets, 'topic' | 'to' | 'position'>;

/** What is asked of each partition: what is meant, or what bounds it, with the end as the last. */
function timestampsFor({ to, position = 0 }: Target): readonly number[] {
  if (to === 'earliest' || to === 'latest') return [to === 'latest' ? LATEST_TIMESTAMP : EARLIEST_TIMESTAMP];
  return [to === 'offset' ? EARLIEST_TIMESTAMP : position, LATEST_TIMESTAMP];
}

const soughtFor = (act: Target, count: number): readonly Sought[] =>
  Array.from({ length: count }, (_, partition) =>
    timestampsFor(act).map((timestamp) => ({ topic: act.topic, partition, timestamp })),
  ).flat();

function targetOf(act: Target, bounds: readonly number[], partition: number): number {
  const each = timestampsFor(act).length;
  const first = bounds[partition * each] ?? 0;
  const end = bounds[partition * each + each - 1] ?? 0;
  if (act.to === 'offset') return Math.min(Math.max(act.position ?? 0, first), end);
  return first < 0 ? end : first;
}

const commit = ({ group, topic }: ResetOffsets, targets: readonly number[]) =>
  ask(
    { to: 'group', id: group },
    'OffsetCommit',
    {
      groupId: group,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [
        {
          topicId: ZERO_UUID,
          name: topic,
          partitions: targets.map((committedOffset, partitionIndex) => ({
            partitionIndex,
            committedOffset,
            committedLeaderEpoch: -1,
            committedMetadata: '',
          })),
        },
      ],
    },
    BY_NAME,
  );
