import { modelled, simplified, type ModelArea } from './model-entry.ts';

export const QUOTAS: ModelArea = {
  name: 'Quotas',
  version: 'Apache Kafka 4.4.0',
  entries: [
    simplified(
      'Quotas for bytes produced and consumed: defaults, precedence, rates, muted channels, obedient clients',
      'KIP-13, KIP-55, KIP-219, KIP-546, `ClientQuotaManager`, `ClientQuotaControlManager`',
      'Everybody is the user ANONYMOUS, and of a produce only its batches count.',
    ),
    simplified(
      'Quotas for the time of requests: request_percentage, silent for a sample at most, the longer of two silences',
      'KIP-124, KIP-219, `ClientRequestQuotaManager`, `RequestHandlerHelper`',
      'What a request takes of a thread is what the scenario says of its kind, 10 µs if it says nothing, and no time of network threads counts.',
    ),
    simplified(
      'Quotas for changes of topics: token buckets, refusals to clients that understand them, delays for all',
      'KIP-599, `ControllerMutationQuotaManager`, `TokenBucket`',
      'Topics that a broker makes by itself count for the broker, not for the client that asked for them.',
    ),
    modelled(
      'Throttled replication: rates of leaders and followers, lists of replicas, those in sync let through and counted',
      'KIP-73, `ReplicationQuotaManager`, `RemoteLeaderEndPoint`, `ReplicaManager`',
    ),
    simplified(
      'Limits on connections: how many in all and of a machine, how many a second; idle ones closed',
      'KIP-308, KIP-402, KIP-612, `ConnectionQuotas`, `Acceptor`, `Selector`',
      'A connection is noticed with its first request. Brokers and clients share one listener, a machine’s address is its name, ' +
        'and an override that cannot be read is passed over. Controllers take every connection.',
    ),
    simplified(
      'What limits a transfer',
      'Linux TCP',
      'A link has latency, jitter and bandwidth; there is no congestion control.',
    ),
  ],
};
