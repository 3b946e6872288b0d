import { millis, type SimDuration } from '../base/time.ts';
import { LEADER_RECOVERY_STATE } from '../metadata/metadata-record.ts';
import type {
  AlterPartitionRequestTopic,
  AlterPartitionResponse,
  AlterPartitionResponsePartition,
} from '../protocol/alter-partition.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker, IsrChange } from './broker-memory.ts';
import { callController } from './controller-channel.ts';
import { updateHighWatermarkAfterChange } from './high-watermark.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';

export const ALTER_PARTITION_TIMER = 'alter-partition';
/** `DefaultAlterPartitionManager` waits so long before it tries again. */
const RETRY: SimDuration = millis(50);

/** Asks the controller for another ISR. Until it answers, additions count for the high watermark and removals do not. */
export function submitIsrChange(broker: Broker, replica: Replica, isr: readonly number[]): void {
  replica.pendingIsr = Object.freeze([...isr]);
  const { topicId, partition, leaderEpoch, partitionEpoch } = replica;
  const change = { topicId, partition, leaderEpoch, partitionEpoch, isr: replica.pendingIsr };
  broker.memory.isrChanges.unsent.push(Object.freeze(change));
  sendIsrChanges(broker);
}

/** One request is under way at a time; it takes all changes that have come up since the last. */
export function sendIsrChanges(broker: Broker): void {
  const { isrChanges, settings, lifecycle } = broker.memory;
  if (isrChanges.inFlight.length > 0 || lifecycle.brokerEpoch < 0) return;
  isrChanges.inFlight = isrChanges.unsent.filter((change) => stillWanted(broker, change) !== undefined);
  isrChanges.unsent = [];
  if (isrChanges.inFlight.length === 0) return;
  callController(broker, 'alter-partition', {
    api: 'AlterPartition',
    body: {
      brokerId: settings.brokerId,
      brokerEpoch: lifecycle.brokerEpoch,
      topics: requestTopics(broker, isrChanges.inFlight),
    },
  });
}

/** The replica, if it still waits for this change and not for what came after. */
function stillWanted({ memory }: Broker, change: IsrChange): Replica | undefined {
  const replica = replicaOf(memory, change.topicId, change.partition);
  if (replica === undefined || !isLeader(replica) || replica.pendingIsr === null) return undefined;
  const same = replica.leaderEpoch === change.leaderEpoch && replica.partitionEpoch === change.partitionEpoch;
  return same ? replica : undefined;
}

function requestTopics(broker: Broker, changes: readonly IsrChange[]): AlterPartitionRequestTopic[] {
  const topics = new Map<Uuid, IsrChange[]>();
  for (const change of changes) topics.set(change.topicId, [...(topics.get(change.topicId) ?? []), change]);
  return [...topics].map(([topicId, ofTopic]) => ({
    topicId,
    partitions: ofTopic.map((change) => ({
      partitionIndex: change.partition,
      leaderEpoch: change.leaderEpoch,
      newIsrWithEpochs: change.isr.map((brokerId) => ({
        brokerId,
        brokerEpoch: epochOf(broker, change, brokerId),
      })),
      leaderRecoveryState: LEADER_RECOVERY_STATE.RECOVERED,
      partitionEpoch: change.partitionEpoch,
    })),
  }));
}

function epochOf({ memory }: Broker, change: IsrChange, brokerId: number): number {
  if (brokerId === memory.settings.brokerId) return memory.lifecycle.brokerEpoch;
  const replica = replicaOf(memory, change.topicId, change.partition);
  return replica?.remotes.get(brokerId)?.brokerEpoch ?? -1;
}

export function onAlterPartition(broker: Broker, response: AlterPartitionResponse): void {
  const { isrChanges } = broker.memory;
  const sent = isrChanges.inFlight;
  isrChanges.inFlight = [];
  if (response.errorCode !== NONE) {
    isrChanges.unsent.unshift(...sent);
    retryIsrChanges(broker);
    return;
  }
  for (const change of sent) {
    const answer = response.topics
      .find(({ topicId }) => topicId === change.topicId)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === change.partition);
    if (answer !== undefined) onAnswer(broker, change, answer);
  }
  if (isrChanges.unsent.length > 0 && !broker.context.hasTimer(ALTER_PARTITION_TIMER)) sendIsrChanges(broker);
}

/** The connection was lost: nobody knows whether the controller did it, so it is asked again. */
export function onAlterPartitionLost(broker: Broker): void {
  const { isrChanges } = broker.memory;
  isrChanges.unsent.unshift(...isrChanges.inFlight);
  isrChanges.inFlight = [];
  retryIsrChanges(broker);
}

function retryIsrChanges({ context }: Broker): void {
  context.setTimer(ALTER_PARTITION_TIMER, RETRY);
}

/** Refusals after which only newer metadata can help: the change stays pending until that arrives. */
const AWAITS_METADATA: readonly number[] = [
  ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
  ERROR_CODES.UNKNOWN_TOPIC_ID,
  ERROR_CODES.INVALID_REQUEST,
  ERROR_CODES.NEW_LEADER_ELECTED,
  ERROR_CODES.FENCED_LEADER_EPOCH,
  ERROR_CODES.INVALID_UPDATE_VERSION,
];

function onAnswer(broker: Broker, change: IsrChange, answer: AlterPartitionResponsePartition): void {
  const replica = stillWanted(broker, change);
  if (replica === undefined) return;
  const { errorCode } = answer;
  if (errorCode === NONE) commitIsr(broker, replica, answer);
  else if (errorCode === ERROR_CODES.INELIGIBLE_REPLICA || errorCode === ERROR_CODES.OPERATION_NOT_ATTEMPTED)
    replica.pendingIsr = null;
  else if (!AWAITS_METADATA.includes(errorCode)) {
    broker.memory.isrChanges.unsent.push(change);
    retryIsrChanges(broker);
  }
}

function commitIsr(broker: Broker, replica: Replica, answer: AlterPartitionResponsePartition): void {
  if (answer.leaderEpoch !== replica.leaderEpoch || answer.partitionEpoch < replica.partitionEpoch) return;
  replica.isr = answer.isr;
  replica.partitionEpoch = answer.partitionEpoch;
  replica.pendingIsr = null;
  updateHighWatermarkAfterChange(broker, replica);
}
