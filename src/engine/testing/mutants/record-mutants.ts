import type * as Accumulator from '../../client/producer/record-accumulator.ts';
import type * as PartitionQueue from '../../client/producer/partition-queue.ts';
import type * as Segment from '../../log/segment.ts';
import type * as Read from '../../log/read.ts';
import type * as FollowerAppend from '../../broker/follower-append.ts';
import { replace, type Mutant } from './planting.ts';

/** Planted bugs in what becomes of records between a producer and the logs. */
export const RECORD_MUTANTS: readonly Mutant[] = [
  {
    id: 'Y19',
    rule: 'A batch that is sent again goes before those that wait.',
    caughtBy: { 24: 40_001 },
    features: ['no-idempotence', 'small-batches', 'crash', 'shut-down'],
    bugs: [
      replace<typeof PartitionQueue>('../../client/producer/partition-queue.ts', () => ({
        reenqueue: (queue, batch, now) => {
          batch.attempts += 1;
          batch.lastAttemptAt = Math.max(batch.lastAttemptAt, now);
          queue.waiting.push(batch);
        },
      })),
    ],
  },
  {
    id: 'Y20',
    rule: 'What waits for longer than delivery.timeout.ms is given up (KIP-91).',
    caughtBy: { 26: 40_001 },
    features: ['impatient-producer'],
    script: (run) => {
      for (const b of ['b1', 'b2', 'b3']) run.act({ type: 'cut-link', a: 'p1', b });
      run.runFor(8_000);
      for (const b of ['b1', 'b2', 'b3']) run.act({ type: 'heal-link', a: 'p1', b });
    },
    bugs: [
      replace<typeof Accumulator>('../../client/producer/record-accumulator.ts', ({ newAccumulator }) => ({
        newAccumulator: (settings) =>
          newAccumulator({ ...settings, deliveryTimeout: settings.deliveryTimeout * 3 }),
      })),
    ],
  },
  {
    id: 'Y21',
    rule: 'A follower takes over where the leader’s log begins only if that is further on.',
    caughtBy: { 51: 40_009 },
    features: ['retention', 'crash', 'pause'],
    bugs: [
      replace<typeof FollowerAppend>('../../broker/follower-append.ts', ({ onFetchResponse }) => ({
        onFetchResponse: (broker, fetcher, response) => {
          onFetchResponse(broker, fetcher, response);
          for (const { topicId, partitions } of response.responses)
            for (const { partitionIndex, logStartOffset } of partitions) {
              const replica = broker.memory.replicas.get(topicId)?.get(partitionIndex);
              if (replica?.role === 'follower' && logStartOffset >= 0)
                replica.log.logStartOffset = logStartOffset;
            }
        },
      })),
    ],
  },
  {
    id: 'Y34',
    rule: 'Retention takes only what is older than retention.ms.',
    caughtBy: { 51: 40_001 },
    features: ['retention', 'crash'],
    bugs: [
      replace<typeof Segment>('../../log/segment.ts', ({ retentionTimestamp }) => ({
        retentionTimestamp: (segment) => retentionTimestamp(segment) - 3_000,
      })),
    ],
  },
  {
    id: 'Y29',
    rule: 'Who asks for records that are deleted is told so (OFFSET_OUT_OF_RANGE).',
    caughtBy: { 51: 40_001 },
    features: ['retention', 'classic-group', 'small-batches'],
    script: (run) => {
      run.runFor(4_500);
      for (const node of ['readers-1', 'readers-2']) run.act({ type: 'pause', node });
      run.runFor(5_000);
      for (const node of ['readers-1', 'readers-2']) run.act({ type: 'resume', node });
    },
    bugs: [
      replace<typeof Read>('../../log/read.ts', () => ({
        isInRange: (log, offset) => offset <= log.logEndOffset,
      })),
    ],
  },
];
