import { NONE } from '../../../protocol/errors.ts';
import { LATEST_TIMESTAMP } from '../../../protocol/list-offsets.ts';
import { describeGroup } from './group-tools.ts';
import {
  ask,
  done,
  failed,
  firstOf,
  senseless,
  table,
  type Answer,
  type Question,
  type Told,
} from './tool.ts';
import { offsetsOf } from './topic-partitions.ts';

/** The last version that names topics, which the tools of Kafka 4.4 use. */
const BY_NAME = 9;

/** `kafka-consumer-groups --describe`: what a group has committed, and how far it is behind. */
export function describeGroupOffsets(id: string, told: Told): Question | Answer {
  const group = describeGroup(id, told);
  if ('kind' in group) return group;
  const fetched = firstOf(told, 'OffsetFetch');
  if (fetched === undefined) {
    const groups = [{ groupId: id, memberId: null, memberEpoch: -1, topics: null }];
    return ask({ to: 'group', id }, 'OffsetFetch', { groups, requireStable: false }, BY_NAME);
  }
  const [committed] = fetched.groups;
  if (committed === undefined) return senseless();
  if (committed.errorCode !== NONE) return failed(committed.errorCode, null);
  const places = committed.topics.flatMap(({ name = '', partitions }) =>
    partitions.map(({ partitionIndex, committedOffset }) => ({
      topic: name,
      partition: partitionIndex,
      committedOffset,
      timestamp: LATEST_TIMESTAMP,
    })),
  );
  const ends = offsetsOf(told, places);
  if ('kind' in ends) return ends;
  const rows = places.map(({ topic, partition, committedOffset }, i) => {
    const end = ends[i] ?? 0;
    return [topic, `${partition}`, `${committedOffset}`, `${end}`, `${end - committedOffset}`];
  });
  return done(
    `Group ${id} is ${group.state}. Members: ${group.members.length}.`,
    table(['Topic', 'Partition', 'Committed', 'Log end', 'Lag'], rows),
  );
}
