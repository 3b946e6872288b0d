import { vi } from 'vitest';
import type * as Become from '../../broker/become.ts';
import type * as DelayedProduce from '../../broker/delayed-produce.ts';
import type * as Replicas from '../../broker/replica.ts';
import type * as Election from '../../controller/election.ts';
import type * as Append from '../../log/append.ts';
import type * as ProducerAppend from '../../log/producer-append.ts';
import { truncateTo } from '../../log/truncate.ts';

/** A planted bug: one rule of the protocol is broken in one function, and the checker has to see it. */
export interface Mutant {
  readonly id: string;
  /** The rule that is broken, with its source. */
  readonly rule: string;
  /** Numbers of the invariants of which one must be violated. */
  readonly caughtBy: readonly number[];
  /** The module that has it, from this folder. */
  readonly module: string;
  /** What the module exports instead of what it should. */
  readonly bug: (original: object) => object;
}

/** Puts a bug into the modules that are loaded from now on. */
export const plant = ({ module, bug }: Mutant): void =>
  void vi.doMock(module, (load) => load<object>().then((original) => ({ ...original, ...bug(original) })));

export const pullOut = ({ module }: Mutant): void => void vi.doUnmock(module);

/** Replaces some exports of a module. */
const replace = <M extends object>(
  module: string,
  bug: (original: M) => Partial<M>,
): Pick<Mutant, 'module' | 'bug'> => ({ module, bug: (original) => bug(original as M) });

/** The planted bugs that runs without transactions can show. */
export const MUTANTS: readonly Mutant[] = [
  {
    id: 'X01',
    rule: 'A new follower cuts its log where the leader’s parts from it, not at its own high watermark (KIP-101).',
    caughtBy: [13, 16, 21],
    ...replace<typeof Become>('../../broker/become.ts', ({ becomeFollower }) => ({
      becomeFollower: (broker, replica, registration) => {
        becomeFollower(broker, replica, registration);
        truncateTo(replica.log, broker.context, replica.log.highWatermark);
      },
    })),
  },
  {
    id: 'X06',
    rule: 'The high watermark waits for every replica that the controller may hold to be in sync.',
    caughtBy: [10, 14, 21],
    ...replace<typeof Replicas>('../../broker/replica.ts', () => ({
      isInMaximalIsr: () => false,
      isCaughtUp: () => false,
    })),
  },
  {
    id: 'X07',
    rule: 'A produce with acks=all is answered when the high watermark has passed it.',
    caughtBy: [20, 21],
    ...replace<typeof DelayedProduce>('../../broker/delayed-produce.ts', () => ({ outcome: () => 0 })),
  },
  {
    id: 'X08',
    rule: 'With fewer than min.insync.replicas in sync nothing is acknowledged to acks=all.',
    caughtBy: [20],
    ...replace<typeof Replicas>('../../broker/replica.ts', () => ({
      isUnderMinIsr: () => false,
      maximalIsrSize: ({ assignment }) => assignment.length,
    })),
  },
  {
    id: 'X10',
    rule: 'Only who is in sync, or eligible while nobody is, may lead (KIP-966).',
    caughtBy: [10, 11, 14, 16, 21],
    ...replace<typeof Election>('../../controller/election.ts', ({ electLeader }) => ({
      electLeader: (wish, target) => {
        const { leader } = electLeader(wish, target);
        if (leader === wish.partition.leader) return { leader, unclean: false };
        const behind = target.replicas.find((id) => wish.isAcceptableLeader(id) && !target.isr.includes(id));
        return { leader: behind ?? leader, unclean: false };
      },
    })),
  },
  {
    id: 'X13',
    rule: 'Followers remember the sequences of producers too, so that a new leader knows a retry.',
    caughtBy: [23, 24, 25],
    ...replace<typeof Append>('../../log/append.ts', ({ appendAsFollower }) => ({
      appendAsFollower: (log, context, batch) => {
        const result = appendAsFollower(log, context, batch);
        log.producers.producers.clear();
        return result;
      },
    })),
  },
  {
    id: 'X14',
    rule: 'A retry is recognised among the last five batches of its producer.',
    caughtBy: [23, 24, 25],
    ...replace<typeof ProducerAppend>('../../log/producer-append.ts', () => ({
      findDuplicateBatch: () => undefined,
      checkDataBatch: () => 0,
    })),
  },
];
