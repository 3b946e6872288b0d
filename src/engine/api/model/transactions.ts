import { absent, modelled, simplified, type ModelArea } from './model-entry.ts';

export const TRANSACTIONS: ModelArea = {
  name: 'Idempotence and transactions',
  version: 'Apache Kafka 4.4.0',
  entries: [
    modelled(
      'Sequences and duplicates: the last five batches of each producer',
      'KIP-98, `ProducerStateManager`, `ProducerAppendInfo`',
    ),
    modelled('Producer ids in blocks', 'KIP-730, `ProducerIdControlManager`'),
    modelled(
      'The coordinator’s states, time-outs and expiry of transactional ids',
      'KIP-98, KIP-360, `TransactionCoordinator`',
    ),
    modelled(
      'Markers, last stable offset, aborted transactions in fetches',
      '`TransactionMarkerChannelManager`, `UnifiedLog`',
    ),
    modelled(
      'Verification by the leader, and epochs that go up with each transaction',
      'KIP-890, `AddPartitionsToTxnManager`',
    ),
    modelled('Offsets of consumers in transactions', 'KIP-447, `TxnOffsetCommit`'),
    simplified(
      'Records of `__transaction_state`',
      '`TransactionLog`',
      'Those of version 1 have their further fields at the end, not as tagged fields.',
    ),
    absent('Two-phase commit with other systems', 'KIP-939', 'The keys for it are not modelled.'),
  ],
};
