import type { ResetShareOffsets } from '../../../api/admin-act.ts';
import { NONE } from '../../../protocol/errors.ts';
import { targetsOf } from './reset-offsets-tool.ts';
import {
  ask,
  done,
  failed,
  firstOf,
  hopeless,
  senseless,
  table,
  verdict,
  type Act,
  type Answer,
  type Question,
  type Told,
  type Tool,
} from './tool.ts';

/** Of a start offset or a lag. */
const UNKNOWN = -1;

/** A share group (`Admin.describeShareGroups`), or what to ask or to print for want of it. */
function describeShareGroup(id: string, told: Told) {
  const answer = firstOf(told, 'ShareGroupDescribe');
  if (answer === undefined)
    return ask({ to: 'group', id }, 'ShareGroupDescribe', {
      groupIds: [id],
      includeAuthorizedOperations: false,
    });
  const [group] = answer.groups;
  if (group === undefined) return senseless();
  return group.errorCode === NONE ? group : failed(group.errorCode, group.errorMessage);
}

/** `kafka-share-groups --delete`. */
export const deleteShareGroup: Tool<Act<'delete-share-group'>> = ({ group }, told) => {
  const described = describeShareGroup(group, told);
  if ('kind' in described) return described;
  const answer = firstOf(told, 'DeleteGroups');
  if (answer !== undefined) return verdict(answer.results[0], `Deleted share group ${group}.`);
  return ask({ to: 'group', id: group }, 'DeleteGroups', { groupsNames: [group] });
};

/** `kafka-share-groups --describe`: where a share group stands, and how many records it is yet to be done with. */
export function describeShareGroupOffsets(id: string, told: Told): Question | Answer {
  const group = describeShareGroup(id, told);
  if ('kind' in group) return group;
  const answer = firstOf(told, 'DescribeShareGroupOffsets');
  if (answer === undefined) {
    const groups = [{ groupId: id, topics: null }];
    return ask({ to: 'group', id }, 'DescribeShareGroupOffsets', { groups });
  }
  const [known] = answer.groups;
  if (known === undefined) return senseless();
  if (known.errorCode !== NONE) return failed(known.errorCode, known.errorMessage);
  const parts = known.topics.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) => ({ topicName, ...partition })),
  );
  const refused = parts.find(({ errorCode }) => errorCode !== NONE);
  if (refused !== undefined) return failed(refused.errorCode, refused.errorMessage);
  const rows = parts.map(({ topicName, partitionIndex, startOffset, lag }) => [
    topicName,
    `${partitionIndex}`,
    startOffset === UNKNOWN ? '-' : `${startOffset}`,
    lag === UNKNOWN ? '-' : `${lag}`,
  ]);
  return done(
    `Share group ${id} is ${group.groupState}. Members: ${group.members.length}.`,
    table(['Topic', 'Partition', 'Start offset', 'Lag'], rows),
  );
}

/** `kafka-share-groups --reset-offsets --execute`, of all partitions of a topic. Groups with members are left alone. */
export const resetShareOffsets: Tool<ResetShareOffsets> = (act, told) => {
  const { group, topic, to } = act;
  const described = describeShareGroup(group, told);
  if ('kind' in described) return described;
  if (described.groupState !== 'Empty')
    return hopeless(
      `Share group '${group}' is not empty: its offsets can only be reset while it has no members.`,
    );
  const targets = targetsOf(act, told);
  if ('kind' in targets) return targets;
  const answer = firstOf(told, 'AlterShareGroupOffsets');
  if (answer === undefined) {
    const partitions = targets.map((startOffset, partitionIndex) => ({ partitionIndex, startOffset }));
    const topics = [{ topicName: topic, partitions }];
    return ask({ to: 'group', id: group }, 'AlterShareGroupOffsets', { groupId: group, topics });
  }
  const parts = [answer, ...answer.responses.flatMap(({ partitions }) => partitions)];
  const refused = parts.find(({ errorCode }) => errorCode !== NONE);
  if (refused !== undefined) return failed(refused.errorCode, refused.errorMessage);
  const rows = targets.map((offset, p) => [group, topic, `${p}`, `${offset}`]);
  return done(
    `Share group ${group} begins anew in ${topic}: ${to}.`,
    table(['Group', 'Topic', 'Partition', 'New offset'], rows),
  );
};

/** `kafka-share-groups --delete-offsets`: of all partitions of a topic. */
export const deleteShareOffsets: Tool<Act<'delete-share-offsets'>> = ({ group, topic }, told) => {
  const answer = firstOf(told, 'DeleteShareGroupOffsets');
  if (answer === undefined)
    return ask({ to: 'group', id: group }, 'DeleteShareGroupOffsets', {
      groupId: group,
      topics: [{ topicName: topic }],
    });
  const refused = [answer, ...answer.responses].find(({ errorCode }) => errorCode !== NONE);
  return refused === undefined
    ? done(`Share group ${group} has not begun in ${topic} any more.`)
    : failed(refused.errorCode, refused.errorMessage);
};
