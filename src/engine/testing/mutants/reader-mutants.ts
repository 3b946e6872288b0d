import type * as Positions from '../../client/consumer/positions.ts';
import type * as TxnMetadata from '../../coordinator/transaction/transaction-metadata.ts';
import type * as ConsumerGroup from '../../coordinator/consumer-group/consumer-group.ts';
import type * as PartitionLog from '../../log/partition-log.ts';
import type * as ProducerState from '../../log/producer-state.ts';
import type * as RecordQueue from '../../streams/runtime/record-queue.ts';
import type * as Read from '../../log/read.ts';
import { replace, type Mutant } from './planting.ts';

/** Planted bugs in transactions, and in what readers and applications make of a log. */
export const READER_MUTANTS: readonly Mutant[] = [
  {
    id: 'Y22',
    rule: 'Who reads what is committed is told of all that was aborted there (KIP-98).',
    caughtBy: { 27: 40_001 },
    features: ['transactional-producer', 'classic-group'],
    bugs: [replace<typeof Read>('../../log/read.ts', () => ({ abortedTxnsOf: () => [] }))],
  },
  {
    id: 'Y23',
    rule: 'A transaction is open until the high watermark has passed its marker.',
    caughtBy: { 31: 40_001 },
    features: ['transactional-producer', 'copiers', 'classic-group'],
    bugs: [
      replace<typeof ProducerState>('../../log/producer-state.ts', ({ firstUndecidedOffset }) => ({
        firstUnstableOffset: (state) =>
          firstUndecidedOffset(state) === null ? null : (state.ongoing.at(-1)?.firstOffset ?? null),
      })),
    ],
  },
  {
    id: 'Y24',
    rule: 'What is stored as the end of a transaction is what was decided.',
    caughtBy: { 33: 40_001 },
    features: ['transactional-producer'],
    bugs: [
      replace<typeof TxnMetadata>(
        '../../coordinator/transaction/transaction-metadata.ts',
        ({ prepareComplete }) => ({
          prepareComplete: (txn, nowMs) => {
            const next = prepareComplete(txn, nowMs);
            if (!next.ok) return next;
            txn.pendingState = 'CompleteCommit';
            return { ok: true, value: Object.freeze({ ...next.value, state: 'CompleteCommit' }) };
          },
        }),
      ),
    ],
  },
  {
    id: 'Y25',
    rule: 'Who reads what is committed is given nothing above the last stable offset.',
    caughtBy: { 35: 40_001 },
    features: ['transactional-producer', 'copiers'],
    bugs: [
      replace<typeof PartitionLog>('../../log/partition-log.ts', () => ({
        lastStableOffset: ({ highWatermark }) => highWatermark,
      })),
    ],
  },
  {
    id: 'Y26',
    rule: 'An application commits what it has processed, not what it has fetched.',
    caughtBy: { 40: 40_003 },
    features: ['application', 'client-faults', 'small-batches'],
    bugs: [
      replace<typeof RecordQueue>('../../streams/runtime/record-queue.ts', ({ committableOffset }) => ({
        committableOffset: (queue, position) => {
          const last = queue.slices.at(-1);
          if (last === undefined || queue.consumed < 0) return committableOffset(queue, position);
          return last.batch.baseOffset + (last.batch.records.offsetDeltas?.[last.to - 1] ?? last.to - 1) + 1;
        },
      })),
    ],
  },
  {
    id: 'Y27',
    rule: 'A position that a leader has confirmed is read on from (KIP-320).',
    caughtBy: { 41: 40_001 },
    features: ['classic-group', 'crash'],
    bugs: [
      replace<typeof Positions>('../../client/consumer/positions.ts', () => ({
        handleValidation: () => undefined,
      })),
    ],
  },
  {
    id: 'Y28',
    rule: 'A partition that was given up may be given to the next (KIP-848).',
    caughtBy: { 42: 40_001 },
    features: ['consumer-group', 'client-faults'],
    bugs: [
      replace<typeof ConsumerGroup>('../../coordinator/consumer-group/consumer-group.ts', () => ({
        isHeld: () => true,
      })),
    ],
  },
];
