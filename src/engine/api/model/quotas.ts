import { absent, simplified, type ModelArea } from './model-entry.ts';

export const QUOTAS: ModelArea = {
  name: 'Quotas',
  version: 'Apache Kafka 4.4.0',
  entries: [
    absent(
      'Quotas for bytes produced and consumed, and for time of requests',
      'KIP-13, KIP-124, `ClientQuotaManager`',
      'No client is throttled, and every throttle time is 0.',
    ),
    absent(
      'Quotas for changes of topics',
      'KIP-599, `ControllerMutationQuotaManager`',
      'The controller takes all it is asked.',
    ),
    absent(
      'Throttled replication',
      'KIP-73, `ReplicationQuotaManager`',
      'Followers fetch as fast as their connections carry; the keys are known and not modelled.',
    ),
    absent(
      'Limits on connections',
      'KIP-308, KIP-612, `ConnectionQuotas`',
      'A broker takes every connection.',
    ),
    simplified(
      'What limits a transfer',
      'Linux TCP',
      'A link has latency, jitter and bandwidth; there is no congestion control.',
    ),
  ],
};
