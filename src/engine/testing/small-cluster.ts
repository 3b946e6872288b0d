import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { parseConfig, type ConfigOverrides } from '../api/config/config-key.ts';
import { assert } from '../base/assert.ts';
import type { Cluster } from '../controller/controller-state.ts';
import { newSession } from '../controller/sessions.ts';
import { emptyImage } from '../metadata/metadata-image.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import { replay } from '../metadata/replay.ts';

export const TOPIC_ID = 'TTTTTTTTTTTTTTTTTTTTTA';

const brokerRecord = (brokerId: number): MetadataRecord => ({
  type: 'RegisterBrokerRecord',
  brokerId,
  incarnationId: `IIIIIIIIIIIIIIIIIIIII${brokerId}`,
  brokerEpoch: brokerId * 10,
  rack: null,
  fenced: false,
  inControlledShutdown: false,
  logDirs: [],
});

/** Unfenced brokers 1, 2 and 3 (epochs 10, 20, 30) and the topic `tickets` with partition 0 on all, led by 1. */
const START: readonly MetadataRecord[] = [
  ...[1, 2, 3].map(brokerRecord),
  { type: 'TopicRecord', name: 'tickets', topicId: TOPIC_ID },
  {
    type: 'PartitionRecord',
    topicId: TOPIC_ID,
    partitionId: 0,
    replicas: [1, 2, 3],
    isr: [1, 2],
    addingReplicas: [],
    removingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 5,
    partitionEpoch: 9,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
  },
];

/** A cluster to decide about, after these further records. For tests only. */
export function smallCluster(
  records: readonly MetadataRecord[] = [],
  overrides: ConfigOverrides = {},
): Cluster {
  const config = parseConfig(BROKER_CONFIG, overrides);
  assert(config.ok, 'valid configuration', { overrides });
  const image = emptyImage();
  image.features.set('eligible.leader.replicas.version', 1);
  [...START, ...records].forEach((record, offset) => replay(image, record, offset));
  const sessions = new Map([1, 2, 3].map((id) => [id, newSession(id - 1)]));
  return { clusterId: 'test-cluster', config: config.value, overrides, image, sessions };
}
