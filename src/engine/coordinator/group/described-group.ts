import { GROUP_OPERATIONS } from '../../protocol/authorized-operations.ts';
import type { ConsumerGroupDescribeResponseGroup } from '../../protocol/consumer-group-describe.ts';
import type { DescribeGroupsResponseGroup } from '../../protocol/describe-groups.ts';
import { NONE } from '../../protocol/errors.ts';
import type { ShareGroupDescribeResponseGroup } from '../../protocol/share-group-describe.ts';
import { describeConsumerGroup } from '../consumer-group/describe-consumer-group.ts';
import type { CoordinatorRequest } from '../coordinator-host.ts';
import { describeShareGroup } from '../share-group/describe-share-group.ts';
import { describeGroup } from './describe-groups.ts';
import type { GroupRequest } from './group-request.ts';
import type { GroupShard } from './shard-state.ts';

/** A request that asks what a group of some protocol is like. */
export type DescribeRequest = CoordinatorRequest<
  'DescribeGroups' | 'ConsumerGroupDescribe' | 'ShareGroupDescribe'
>;

type DescribedGroup =
  DescribeGroupsResponseGroup | ConsumerGroupDescribeResponseGroup | ShareGroupDescribeResponseGroup;

export const isDescription = (request: GroupRequest): request is DescribeRequest =>
  request.api === 'DescribeGroups' ||
  request.api === 'ConsumerGroupDescribe' ||
  request.api === 'ShareGroupDescribe';

/** One group of the request, with what may be done to it if that was asked for too. */
export function describe(shard: GroupShard, request: DescribeRequest, groupId: string): DescribedGroup {
  const described = byProtocol(shard, request, groupId);
  return request.body.includeAuthorizedOperations && described.errorCode === NONE
    ? { ...described, authorizedOperations: GROUP_OPERATIONS }
    : described;
}

function byProtocol(shard: GroupShard, { api, version }: DescribeRequest, groupId: string): DescribedGroup {
  if (api === 'DescribeGroups') return describeGroup(shard, groupId, version);
  return api === 'ConsumerGroupDescribe'
    ? describeConsumerGroup(shard, groupId)
    : describeShareGroup(shard, groupId);
}
