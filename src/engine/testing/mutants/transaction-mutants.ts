import type * as FetchRead from '../../broker/fetch-read.ts';
import type * as TxnVerification from '../../broker/txn-verification.ts';
import type * as FetchedRecords from '../../client/consumer/fetched-records.ts';
import type * as Producers from '../../client/producer/producer.ts';
import type * as Reconciliation from '../../coordinator/consumer-group/reconciliation.ts';
import type * as OffsetCommit from '../../coordinator/group/offset-commit.ts';
import type * as TxnAppend from '../../coordinator/transaction/append.ts';
import type * as MarkerChannel from '../../coordinator/transaction/marker-channel.ts';
import type * as TxnMetadata from '../../coordinator/transaction/transaction-metadata.ts';
import type * as Append from '../../log/append.ts';
import type * as RetainedBatch from '../../log/cleaner/retained-batch.ts';
import type * as CleanedTransactions from '../../log/cleaner/cleaned-transactions.ts';
import type * as TransactionAppend from '../../log/transaction-append.ts';
import { ANYBODY_COMMITS } from './anybody-commits.ts';
import { replace, type Mutant } from './planting.ts';

/** The planted bugs that transactions and groups can show. */
export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    id: 'X12',
    rule: 'Who reads what is committed is given nothing above the last stable offset, and told what was aborted.',
    caughtBy: { 27: 40_001, 28: 40_001 },
    features: ['transactional-producer', 'classic-group'],
    bugs: [
      replace<typeof FetchRead>('../../broker/fetch-read.ts', ({ readPartitions }) => ({
        readPartitions: (broker, reader) =>
          readPartitions(broker, { ...reader, request: { ...reader.request, isolationLevel: 0 } }),
      })),
    ],
  },
  {
    id: 'X16',
    rule: 'What was not answered may be in the log: it has not failed for certain.',
    caughtBy: { 22: 40_002 },
    features: ['impatient-producer', 'pause', 'cut', 'slow'],
    bugs: [
      replace<typeof Producers>('../../client/producer/producer.ts', ({ takeProducerNotices }) => ({
        takeProducerNotices: (producer) =>
          takeProducerNotices(producer).map((notice) =>
            'outcome' in notice && notice.outcome === 'unknown' ? { ...notice, outcome: 'failed' } : notice,
          ),
      })),
    ],
  },
  {
    id: 'X17',
    rule: 'Whoever begins with a transactional id gets an epoch that nobody had before (KIP-98).',
    caughtBy: { 32: 40_004 },
    features: ['copiers', 'client-faults'],
    bugs: [
      replace<typeof TxnMetadata>(
        '../../coordinator/transaction/transaction-metadata.ts',
        ({ prepareEpochBump }) => ({
          prepareEpochBump: (txn, asked) => {
            const next = prepareEpochBump(txn, asked);
            const { producerEpoch } = txn.values;
            return next.ok && producerEpoch >= 0
              ? { ok: true, value: Object.freeze({ ...next.value, producerEpoch }) }
              : next;
          },
        }),
      ),
    ],
  },
  {
    id: 'X18',
    rule: 'A marker ends only the transaction of its own epoch (KIP-890).',
    caughtBy: { 30: 40_001 },
    features: ['copiers', 'transactional-producer', 'cut', 'pause', 'slow'],
    bugs: [
      replace<typeof MarkerChannel>('../../coordinator/transaction/marker-channel.ts', ({ sendMarkers }) => ({
        sendMarkers: (coordination, shard, txn, next) => {
          const { values } = txn;
          txn.values = Object.freeze({ ...values, producerEpoch: values.producerEpoch - 1 });
          sendMarkers(coordination, shard, txn, next);
          txn.values = Object.freeze({ ...txn.values, producerEpoch: values.producerEpoch });
        },
      })),
      replace<typeof TransactionAppend>('../../log/transaction-append.ts', () => ({ checkMarker: () => 0 })),
    ],
  },
  {
    id: 'X19',
    rule: 'A transaction writes only where its coordinator knows that it does (KIP-890).',
    caughtBy: { 34: 40_001 },
    features: ['transactional-producer', 'classic-group'],
    bugs: [
      replace<typeof TxnVerification>('../../broker/txn-verification.ts', () => ({
        verifyTxn: () => ({ errors: new Map(), guards: new Map() }),
      })),
      replace<typeof Append>('../../log/append.ts', ({ appendAsLeader }) => ({
        appendAsLeader: (log, context, batch, how) => {
          log.verifiesTransactions = false;
          return appendAsLeader(log, context, batch, how);
        },
      })),
    ],
  },
  {
    id: 'X20',
    rule: 'The end of a transaction is replicated before anybody hears of it.',
    caughtBy: { 30: 40_002 },
    features: ['copiers', 'transactional-producer', 'crash', 'slow'],
    bugs: [
      replace<typeof TxnAppend>(
        '../../coordinator/transaction/append.ts',
        ({ appendTransition, commitAppends }) => ({
          appendTransition: (coordination, shard, append) => {
            appendTransition(coordination, shard, append);
            commitAppends(coordination, shard.partition, Infinity);
          },
        }),
      ),
    ],
  },
  {
    id: 'X21',
    rule: 'The offsets of a transaction get its marker too.',
    caughtBy: { 29: 40_001 },
    features: ['copiers'],
    bugs: [
      replace<typeof MarkerChannel>('../../coordinator/transaction/marker-channel.ts', ({ sendMarkers }) => ({
        sendMarkers: (coordination, shard, txn, next) => {
          const partitions = txn.values.partitions.filter(({ topic }) => topic !== '__consumer_offsets');
          txn.values = Object.freeze({ ...txn.values, partitions: Object.freeze(partitions) });
          sendMarkers(coordination, shard, txn, next);
        },
      })),
    ],
  },
  {
    id: 'X22',
    rule: 'Only members of the present generation commit offsets (KIP-447).',
    caughtBy: { 37: 40_012 },
    features: ['classic-group', 'client-faults'],
    bugs: [ANYBODY_COMMITS],
  },
  {
    id: 'X27',
    rule: 'A marker stays as long as a record of its transaction does (KIP-534).',
    caughtBy: { 50: 40_001 },
    features: ['transactional-producer', 'compaction', 'classic-group'],
    bugs: [
      replace<typeof CleanedTransactions>('../../log/cleaner/cleaned-transactions.ts', ({ meetBatch }) => ({
        meetBatch: (transactions, batch) => meetBatch(transactions, batch) || batch.control !== undefined,
      })),
    ],
  },
  {
    id: 'Y33',
    rule: 'A tombstone stays for delete.retention.ms after a cleaner has met it (KIP-534).',
    caughtBy: { 50: 40_001 },
    features: ['consumer-group', 'client-faults', 'compaction'],
    bugs: [
      replace<typeof RetainedBatch>('../../log/cleaner/retained-batch.ts', ({ retainedBatch }) => ({
        retainedBatch: (batch, kept, horizon) =>
          retainedBatch(batch, kept, horizon === undefined ? undefined : 0),
      })),
    ],
  },
  {
    id: 'X28',
    rule: 'A partition goes to another member when the one that had it has given it up (KIP-848).',
    caughtBy: { 36: 40_004 },
    features: ['consumer-group', 'client-faults', 'many-partitions'],
    bugs: [
      replace<typeof Reconciliation>(
        '../../coordinator/consumer-group/reconciliation.ts',
        ({ reconcile }) => ({
          reconcile: (member, input) => reconcile(member, { ...input, isHeld: () => false }),
        }),
      ),
    ],
  },
  {
    id: 'Y04',
    rule: 'An application is given every record, in order.',
    caughtBy: { 39: 40_001 },
    features: ['classic-group', 'crash'],
    bugs: [
      replace<typeof FetchedRecords>('../../client/consumer/fetched-records.ts', ({ takeRecords }) => ({
        takeRecords: (consumer, limit) =>
          takeRecords(consumer, limit).map((slice) =>
            slice.batch.baseOffset > 0 && slice.to - slice.from > 1
              ? { ...slice, from: slice.from + 1 }
              : slice,
          ),
      })),
    ],
  },
  {
    id: 'Y06',
    rule: 'A group commits nothing that is not there to be read.',
    caughtBy: { 38: 40_001 },
    features: ['classic-group'],
    bugs: [
      replace<typeof OffsetCommit>('../../coordinator/group/offset-commit.ts', ({ commitOffset }) => ({
        commitOffset: (shard, request) => {
          const decision = commitOffset(shard, request);
          const records = decision.records.map((record) =>
            record.type === 'OffsetCommit' && record.value !== null
              ? { ...record, value: { ...record.value, offset: record.value.offset + 1_000 } }
              : record,
          );
          return { ...decision, records };
        },
      })),
    ],
  },
];
