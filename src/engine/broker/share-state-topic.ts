import type { CreateTopicsRequestTopic } from '../protocol/create-topics.ts';
import type { BrokerMemory } from './broker-memory.ts';
import { SHARE_STATE_TOPIC } from './coordinator-topic.ts';

/** `ShareCoordinatorService.shareGroupStateTopicConfigs`, as far as logs here have these keys. */
export function shareStateTopic({ config }: BrokerMemory): CreateTopicsRequestTopic {
  return {
    name: SHARE_STATE_TOPIC,
    numPartitions: config['share.coordinator.state.topic.num.partitions'],
    replicationFactor: config['share.coordinator.state.topic.replication.factor'],
    assignments: [],
    configs: [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'retention.ms', value: '-1' },
      { name: 'min.insync.replicas', value: String(config['share.coordinator.state.topic.min.isr']) },
      { name: 'segment.bytes', value: String(config['share.coordinator.state.topic.segment.bytes']) },
    ],
  };
}
