import type { BrokerConfig } from '../api/config/broker-config.ts';
import { METADATA_TOPIC, METADATA_TOPIC_ID } from '../metadata/metadata-log.ts';
import type { RaftOptions } from '../raft/raft-state.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { ControllerConfig } from './controller-state.ts';

/** How a controller takes part in the quorum of the metadata log. */
export function raftOptions(
  { self }: NodeContext,
  { nodeId, clusterId, voters }: ControllerConfig,
  config: BrokerConfig,
): RaftOptions {
  const peers = voters ?? { [nodeId]: self };
  return Object.freeze({
    nodeId,
    clusterId,
    voters: Object.freeze(Object.keys(peers).map(Number)),
    peers: Object.freeze({ ...peers }),
    topic: Object.freeze({ name: METADATA_TOPIC, id: METADATA_TOPIC_ID }),
    settings: Object.freeze({
      electionTimeoutMs: config['controller.quorum.election.timeout.ms'],
      fetchTimeoutMs: config['controller.quorum.fetch.timeout.ms'],
      electionBackoffMaxMs: config['controller.quorum.election.backoff.max.ms'],
      requestTimeoutMs: config['controller.quorum.request.timeout.ms'],
      retryBackoffMs: config['controller.quorum.retry.backoff.ms'],
      fetchMaxBytes: config['controller.quorum.fetch.max.bytes'],
    }),
  });
}
