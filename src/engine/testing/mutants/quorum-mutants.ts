import type * as DelayedProduce from '../../broker/delayed-produce.ts';
import type * as Isr from '../../broker/isr.ts';
import type * as PartitionRegistration from '../../metadata/partition-registration.ts';
import { replace, type Mutant } from './planting.ts';

/** Planted bugs in elections and in who counts as in sync. */
export const QUORUM_MUTANTS: readonly Mutant[] = [
  {
    id: 'Y12',
    rule: 'Another leader has another epoch (KIP-101).',
    caughtBy: [7],
    features: ['crash', 'classic-group'],
    bugs: [
      replace<typeof PartitionRegistration>(
        '../../metadata/partition-registration.ts',
        ({ mergePartition }) => ({
          mergePartition: (before, change) =>
            Object.freeze({ ...mergePartition(before, change), leaderEpoch: before.leaderEpoch }),
        }),
      ),
    ],
  },
  {
    id: 'Y14',
    rule: 'Who stops leading tells those who wait for followers that it does not lead.',
    from: 40_004,
    caughtBy: [21],
    features: ['cut', 'pause'],
    bugs: [
      replace<typeof DelayedProduce>('../../broker/delayed-produce.ts', ({ completeProduces }) => ({
        completeProduces: (broker, replica) => {
          for (const token of replica.role === 'follower' ? replica.produceWatch : []) {
            const delayed = broker.memory.purgatory.produces.get(token);
            for (const response of delayed?.responses ?? []) response.settled = true;
            if (delayed !== undefined) delayed.missing = 0;
          }
          completeProduces(broker, replica);
        },
      })),
    ],
  },
  {
    id: 'Y15',
    rule: 'A follower that has caught up counts as in sync again (KIP-497).',
    caughtBy: [52],
    features: ['crash'],
    bugs: [replace<typeof Isr>('../../broker/isr.ts', () => ({ maybeExpandIsr: () => undefined }))],
  },
];
