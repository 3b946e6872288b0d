import type * as Acknowledgement from '../../broker/share-acknowledgement.ts';
import type * as SharePartition from '../../broker/share-partition.ts';
import { replace, type Mutant } from './planting.ts';

const DONE = 2;

/** Planted bugs in share groups. */
export const SHARE_MUTANTS: readonly Mutant[] = [
  {
    id: 'Z53',
    rule: 'What a member has acquired is for nobody else while its lock is alive (KIP-932).',
    caughtBy: { 53: 40_001 },
    features: ['share-group'],
    bugs: [
      replace<typeof SharePartition>('../../broker/share-partition.ts', () => ({
        isAvailable: ({ state, next }) => state < DONE && next === null,
        nextFetchOffset: ({ startOffset }) => startOffset,
      })),
    ],
  },
  {
    id: 'Z54',
    rule: 'A record that was delivered too often is released to nobody (KIP-932).',
    caughtBy: { 54: 40_001 },
    features: ['share-group'],
    bugs: [
      replace<typeof Acknowledgement>('../../broker/share-acknowledgement.ts', ({ acknowledge }) => ({
        acknowledge: (partition, batches, by) =>
          acknowledge(partition, batches, { ...by, deliveryCountLimit: Infinity }),
      })),
    ],
  },
  {
    id: 'Z55',
    rule: 'A share partition begins with its first record that is not done with (KIP-932).',
    caughtBy: { 55: 40_001 },
    features: ['share-group'],
    bugs: [
      replace<typeof SharePartition>('../../broker/share-partition.ts', () => ({
        advanceStart: (partition) => {
          const [run] = partition.runs;
          if (run === undefined) return;
          partition.startOffset = run.last + 1;
          partition.runs = partition.runs.slice(1);
        },
      })),
    ],
  },
  {
    id: 'Z56',
    rule: 'A new leader takes over what was accepted beyond the start (KIP-932).',
    caughtBy: { 56: 40_001 },
    features: ['share-group', 'crash', 'shut-down'],
    bugs: [
      replace<typeof SharePartition>('../../broker/share-partition.ts', ({ restoreRuns }) => ({
        restoreRuns: (partition, stored) => restoreRuns(partition, { ...stored, stateBatches: [] }),
      })),
    ],
  },
];
