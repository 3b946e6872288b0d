import { toMillis, type SimTime } from '../base/time.ts';
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
  QuorumReplicaState,
} from '../protocol/describe-quorum.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { ReplicaProgress } from './leader-state.ts';
import type { Raft } from './raft-state.ts';

/** An observer that has not fetched for so long is gone (`LeaderState.OBSERVER_SESSION_TIMEOUT_MS`). */
const OBSERVER_SESSION_MS = 300_000;
const CONTROLLER_LISTENER = { name: 'CONTROLLER', port: 9_093 };

/** Who leads, how far it is committed, and how far each replica has come (KIP-595, KIP-836, KIP-853). */
export function describeQuorum(
  raft: Raft,
  context: NodeContext,
  request: DescribeQuorumRequest,
): DescribeQuorumResponse {
  const { topics } = request;
  const [topic] = topics;
  const isOurs =
    topics.length === 1 &&
    topic?.topicName === raft.options.topic.name &&
    topic.partitions.length === 1 &&
    topic.partitions[0]?.partitionIndex === 0;
  if (!isOurs) return refusedPartitions(request);
  const nodes = raft.options.voters.map((nodeId) => ({
    nodeId,
    listeners: [{ ...CONTROLLER_LISTENER, host: raft.options.peers[nodeId] ?? '' }],
  }));
  const { name: topicName } = raft.options.topic;
  const described = [{ topicName, partitions: [partitionOf(raft, context)] }];
  return { errorCode: NONE, errorMessage: '', topics: described, nodes };
}

type Partition = DescribeQuorumResponse['topics'][number]['partitions'][number];

function partitionOf(raft: Raft, context: NodeContext): Partition {
  const { leader, epoch, options } = raft;
  if (leader === null) return failed(0, ERROR_CODES.NOT_LEADER_OR_FOLLOWER);
  const stateOf = (id: number, progress: ReplicaProgress): QuorumReplicaState => ({
    replicaId: id,
    replicaDirectoryId: ZERO_UUID,
    logEndOffset: progress.endOffset ?? -1,
    lastFetchTimestamp: at(context, id === options.nodeId ? context.now() : progress.lastFetchAt),
    lastCaughtUpTimestamp: at(context, id === options.nodeId ? context.now() : progress.lastCaughtUpAt),
  });
  const silentMs = ({ lastFetchAt }: ReplicaProgress): number => toMillis(context.now() - lastFetchAt);
  return {
    partitionIndex: 0,
    errorCode: NONE,
    errorMessage: '',
    leaderId: options.nodeId,
    leaderEpoch: epoch,
    highWatermark: leader.highWatermark ?? -1,
    currentVoters: [...leader.voters].map(([id, progress]) => stateOf(id, progress)),
    observers: [...leader.observers]
      .filter(([, progress]) => silentMs(progress) < OBSERVER_SESSION_MS)
      .map(([id, progress]) => stateOf(id, progress)),
  };
}

const at = (context: NodeContext, time: SimTime): number =>
  time < 0 ? -1 : context.wallClockMs() - Math.floor(toMillis(context.now() - time));

const failed = (partitionIndex: number, errorCode: number): Partition => ({
  partitionIndex,
  errorCode,
  errorMessage: '',
  leaderId: 0,
  leaderEpoch: 0,
  highWatermark: 0,
  currentVoters: [],
  observers: [],
});

const refusedPartitions = ({ topics }: DescribeQuorumRequest): DescribeQuorumResponse => ({
  errorCode: NONE,
  errorMessage: '',
  topics: topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ partitionIndex }) =>
      failed(partitionIndex, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION),
    ),
  })),
  nodes: [],
});
