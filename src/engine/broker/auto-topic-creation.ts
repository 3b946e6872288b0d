import type { Broker, BrokerMemory } from './broker-memory.ts';
import { callController, channelOf } from './controller-channel.ts';
import { COORDINATOR_TOPIC, SHARE_STATE_TOPIC, TRANSACTION_TOPIC } from './coordinator-topic.ts';
import { shareStateTopic } from './share-state-topic.ts';
import type { CreateTopicsRequestTopic } from '../protocol/create-topics.ts';

const TIMEOUT_MS = 30_000;
const FROM_CONTROLLER = -1;

/** Asks the controller for a topic that somebody needs; whoever asked tries again (`AutoTopicCreationManager`). */
export function createTopicAutomatically(broker: Broker, name: string): void {
  if (isUnderWay(broker)) return;
  const body = { topics: [topicOf(broker, name)], timeoutMs: TIMEOUT_MS, validateOnly: false };
  callController(broker, 'forwarding', { api: 'CreateTopics', body });
}

/** One at a time: a second topic waits for its asker to come back. */
function isUnderWay({ memory }: Broker): boolean {
  for (const call of channelOf(memory, 'forwarding').pending.values())
    if (call.api === 'CreateTopics' && call.token === 0) return true;
  return false;
}

/** `TransactionStateManager.transactionTopicConfigs`. */
function transactionTopic({ config }: BrokerMemory): CreateTopicsRequestTopic {
  return {
    name: TRANSACTION_TOPIC,
    numPartitions: config['transaction.state.log.num.partitions'],
    replicationFactor: config['transaction.state.log.replication.factor'],
    assignments: [],
    configs: [
      { name: 'unclean.leader.election.enable', value: 'false' },
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'min.insync.replicas', value: String(config['transaction.state.log.min.isr']) },
      { name: 'segment.bytes', value: '104857600' }, // transaction.state.log.segment.bytes
    ],
  };
}

function topicOf({ memory }: Broker, name: string): CreateTopicsRequestTopic {
  if (name === TRANSACTION_TOPIC) return transactionTopic(memory);
  if (name === SHARE_STATE_TOPIC) return shareStateTopic(memory);
  if (name !== COORDINATOR_TOPIC)
    return {
      name,
      numPartitions: FROM_CONTROLLER,
      replicationFactor: FROM_CONTROLLER,
      assignments: [],
      configs: [],
    };
  // `GroupCoordinatorService.groupMetadataTopicConfigs`, as far as logs here have these keys.
  return {
    name,
    numPartitions: memory.config['offsets.topic.num.partitions'],
    replicationFactor: memory.config['offsets.topic.replication.factor'],
    assignments: [],
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'segment.bytes', value: String(memory.config['offsets.topic.segment.bytes']) },
    ],
  };
}
