import type * as Improvements from '../../api/improvements.ts';
import type * as LeaderState from '../../raft/leader-state.ts';
import type * as DelayedProduce from '../../broker/delayed-produce.ts';
import type * as Isr from '../../broker/isr.ts';
import type * as PartitionRegistration from '../../metadata/partition-registration.ts';
import type { Script } from '../swarm/swarm-run.ts';
import { METADATA_AHEAD } from '../swarm/aims.ts';
import { replace, type Mutant } from './planting.ts';
import { twoFailovers } from './two-failovers.ts';

/** Metadata are written, and whoever wrote them is gone before anybody else has them. */
const loseLeadingController: Script = (run) => {
  run.act({ type: 'crash', node: 'b2' });
  const node = run.runToAim(METADATA_AHEAD, 15_000);
  if (node === undefined) return;
  for (const other of ['k1', 'k2', 'k3'])
    if (other !== node) run.act({ type: 'cut-link', a: node, b: other });
  run.act({ type: 'crash', node });
  run.runFor(12_000);
  for (const other of ['k1', 'k2', 'k3'])
    if (other !== node) run.act({ type: 'heal-link', a: node, b: other });
  run.act({ type: 'start', node });
  run.act({ type: 'start', node: 'b2' });
};

const commitsAlone = replace<typeof LeaderState>('../../raft/leader-state.ts', ({ updateLocalEnd }) => ({
  updateLocalEnd: (state, leaderId, end, voters) => {
    updateLocalEnd(state, leaderId, end, voters);
    state.highWatermark = end;
    return true;
  },
}));

/** Planted bugs in elections and in who counts as in sync. */
export const QUORUM_MUTANTS: readonly Mutant[] = [
  {
    id: 'Y10',
    rule: 'What one controller says is committed no other says otherwise.',
    caughtBy: { 4: 40_001 },
    features: ['three-controllers'],
    script: loseLeadingController,
    bugs: [commitsAlone],
  },
  {
    id: 'Y11',
    rule: 'Who leads the quorum next has what was committed.',
    caughtBy: { 5: 40_001 },
    features: ['three-controllers'],
    script: loseLeadingController,
    bugs: [commitsAlone],
  },
  {
    id: 'Y12',
    rule: 'Another leader has another epoch (KIP-101).',
    caughtBy: { 7: 40_001 },
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
    caughtBy: { 21: 40_004 },
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
    caughtBy: { 52: 40_001 },
    features: ['crash'],
    bugs: [replace<typeof Isr>('../../broker/isr.ts', () => ({ maybeExpandIsr: () => undefined }))],
  },
  {
    id: 'X02',
    rule: 'A leader says of which epoch it tells the end, so that a log of an epoch that it never saw is cut (KIP-279).',
    caughtBy: { 13: 40_001, 17: 40_001 },
    features: ['preferred-leaders', 'impatient-sessions', 'small-batches'],
    script: twoFailovers,
    bugs: [
      replace<typeof Improvements>('../../api/improvements.ts', ({ lacks }) => ({
        lacks: (before, improvement) => improvement === 'KIP-279' || lacks(before, improvement),
      })),
    ],
  },
];
