import type { Adapter } from './adapter.ts';
import { textOf, UnsupportedError } from './case-file.ts';
import { consumerConfigAdapter, producerConfigAdapter } from './module/client-config.ts';
import { configValueAdapter } from './module/config-value.ts';
import { exponentialBackoffAdapter } from './module/exponential-backoff.ts';
import { leaderEpochCacheAdapter } from './module/leader-epoch-cache.ts';
import { partitionChangeAdapter } from './module/partition-change.ts';
import { logAdapter } from './module/log.ts';
import { producerStateAdapter } from './module/producer-state.ts';
import { raftLeaderAdapter, raftOverlapAdapter } from './module/raft.ts';
import { reconciliationAdapter } from './module/reconciliation.ts';
import { recordAccumulatorAdapter } from './module/record-accumulator.ts';
import { replicaPlacerAdapter } from './module/replica-placer.ts';
import { stickyPartitionerAdapter } from './module/sticky-partitioner.ts';
import { subscriptionStateAdapter } from './module/subscription-state.ts';
import { txnCallAdapter, txnTransitionAdapter } from './module/transaction-manager.ts';
import { txnMetadataAdapter, txnStateAdapter } from './module/transaction-metadata.ts';

/** `given.module` → what can answer it. One file per module. */
const MODULES: ReadonlyMap<string, Adapter> = new Map<string, Adapter>([
  ['cleaner', logAdapter],
  ['config-value', configValueAdapter],
  ['consumer-config', consumerConfigAdapter],
  ['exponential-backoff', exponentialBackoffAdapter],
  ['leader-epoch-cache', leaderEpochCacheAdapter],
  ['partition-change', partitionChangeAdapter],
  ['log', logAdapter],
  ['producer-config', producerConfigAdapter],
  ['producer-state', producerStateAdapter],
  ['raft-leader', raftLeaderAdapter],
  ['raft-overlap', raftOverlapAdapter],
  ['reconciliation', reconciliationAdapter],
  ['record-accumulator', recordAccumulatorAdapter],
  ['replica-placer', replicaPlacerAdapter],
  ['sticky-partitioner', stickyPartitionerAdapter],
  ['subscription-state', subscriptionStateAdapter],
  ['txn-call', txnCallAdapter],
  ['txn-metadata', txnMetadataAdapter],
  ['txn-state', txnStateAdapter],
  ['txn-transition', txnTransitionAdapter],
]);

/** Cases recorded from single classes: chooses by the class that was asked. */
export const moduleAdapter: Adapter = {
  check(testCase, comparison) {
    const module = textOf(testCase.given.module, 'module');
    const adapter = MODULES.get(module);
    if (adapter === undefined) throw new UnsupportedError(`module "${module}"`);
    adapter.check(testCase, comparison);
  },
};
