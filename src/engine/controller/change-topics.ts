import { below } from '../base/prng.ts';
import type { ApiName, RequestMessage, ResponseBody } from '../protocol/message.ts';
import { randomUuid } from '../protocol/uuid.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { commit } from './commit.ts';
import type { ControllerMemory } from './controller-state.ts';
import { createPartitions } from './create-partitions.ts';
import { createTopics, type TopicChance } from './create-topics.ts';
import type { Decision } from './decision.ts';
import { deleteTopics } from './delete-topics.ts';
import { mutationQuota } from './mutation-quota.ts';
import { UNLIMITED, type MutationQuota } from './unlimited-quota.ts';

type TopicChange = RequestMessage & {
  readonly api: 'CreateTopics' | 'DeleteTopics' | 'CreatePartitions';
};

/** Makes and takes away partitions, as far as the client's quota goes. */
export function changeTopics(
  memory: ControllerMemory,
  context: NodeContext,
  message: TopicChange,
): ResponseBody<ApiName> {
  const isLimited = memory.image.quotas.size > 0;
  const quota = isLimited ? mutationQuota(memory, context.wallClockMs(), message) : UNLIMITED;
  const decision = decide(memory, message, topicChance(context), quota);
  commit(memory, context, decision);
  return isLimited ? { ...decision.response, throttleTimeMs: quota.throttleTimeMs() } : decision.response;
}

function decide(
  memory: ControllerMemory,
  message: TopicChange,
  chance: TopicChance,
  quota: MutationQuota,
): Decision<ResponseBody<TopicChange['api']>> {
  if (message.api === 'CreateTopics') return createTopics(memory, message.body, chance, quota);
  if (message.api === 'DeleteTopics') return deleteTopics(memory, message.body, quota);
  return createPartitions(memory, message.body, chance.draw, quota);
}

const topicChance = (context: NodeContext): TopicChance => ({
  draw: (bound: number) => below(context.prng('replica-placer'), bound),
  newTopicId: () => randomUuid(context.prng('topic-id')),
});
