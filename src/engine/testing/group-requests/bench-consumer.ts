import type { ConsumerGroup } from '../../coordinator/consumer-group/consumer-group.ts';
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../protocol/consumer-group-heartbeat.ts';
import { benchTopicId, type CoordinatorBench } from './coordinator-bench.ts';

/** Partitions of topic `t`. */
type Partitions = readonly number[] | null;

const owning = (partitions: Partitions): ConsumerGroupHeartbeatRequest['topicPartitions'] => {
  if (partitions === null) return null;
  return partitions.length === 0 ? [] : [{ topicId: benchTopicId('t'), partitions }];
};

/** A heartbeat of group `g` that says only what it has to. */
export const beatBody = (
  memberId: string,
  memberEpoch: number,
  owned: Partitions = null,
): ConsumerGroupHeartbeatRequest => ({
  groupId: 'g',
  memberId,
  memberEpoch,
  instanceId: null,
  rackId: null,
  rebalanceTimeoutMs: -1,
  subscribedTopicNames: null,
  subscribedTopicRegex: null,
  serverAssignor: null,
  topicPartitions: owning(owned),
});

/** The first heartbeat of a member that subscribes to `t`. */
export const enterBody = (
  memberId: string,
  overrides: Partial<ConsumerGroupHeartbeatRequest> = {},
): ConsumerGroupHeartbeatRequest => ({
  ...beatBody(memberId, 0, []),
  rebalanceTimeoutMs: 10_000,
  subscribedTopicNames: ['t'],
  ...overrides,
});

/** A member of the consumer protocol that does what it is told, when it is asked to beat. */
export class BenchConsumer {
  epoch = 0;
  owned: readonly number[] = [];
  readonly memberId: string;
  private readonly bench: CoordinatorBench;
  private readonly instanceId: string | null;

  constructor(bench: CoordinatorBench, memberId: string, instanceId: string | null = null) {
    this.bench = bench;
    this.memberId = memberId;
    this.instanceId = instanceId;
  }

  beat(): ConsumerGroupHeartbeatResponse {
    const { memberId, epoch, owned, instanceId } = this;
    const body = epoch === 0 ? enterBody(memberId) : beatBody(memberId, epoch, owned);
    const answer = this.bench.ask('ConsumerGroupHeartbeat', { ...body, instanceId });
    if (answer.errorCode !== 0) {
      this.epoch = 0;
      this.owned = [];
      return answer;
    }
    this.epoch = answer.memberEpoch;
    if (answer.assignment !== null) this.owned = answer.assignment.topicPartitions[0]?.partitions ?? [];
    return answer;
  }

  leave(memberEpoch = -1): ConsumerGroupHeartbeatResponse {
    const { memberId, instanceId } = this;
    return this.bench.ask('ConsumerGroupHeartbeat', { ...beatBody(memberId, memberEpoch), instanceId });
  }
}

/** The group `g` as its coordinator has it. */
export const consumerGroup = ({ coordinator }: CoordinatorBench): ConsumerGroup | undefined =>
  coordinator.shards.get(0)?.stored.consumerGroups.get('g');
