import type * as Become from '../../broker/become.ts';
import type * as DelayedProduce from '../../broker/delayed-produce.ts';
import type * as Replicas from '../../broker/replica.ts';
import type * as Election from '../../controller/election.ts';
import type * as Append from '../../log/append.ts';
import type * as ProducerAppend from '../../log/producer-append.ts';
import type * as EpochCache from '../../log/leader-epoch-cache.ts';
import type * as FetchRead from '../../broker/fetch-read.ts';
import type * as Read from '../../log/read.ts';
import type * as Isr from '../../broker/isr.ts';
import type * as Leadership from '../../controller/leadership.ts';
import type * as LeaderState from '../../raft/leader-state.ts';
import type * as Transitions from '../../raft/transitions.ts';
import { truncateFile } from '../../sim/disk.ts';
import type * as DiskLoss from '../../sim/disk-loss.ts';
import { truncateTo } from '../../log/truncate.ts';
import { replace, type Mutant } from './planting.ts';

/** The planted bugs that runs without transactions can show. */
export const LOG_MUTANTS: readonly Mutant[] = [
  {
    id: 'X01',
    rule: 'A new follower cuts its log where the leader’s parts from it, not at its own high watermark (KIP-101).',
    caughtBy: { 16: 40_001 },
    bugs: [
      replace<typeof Become>('../../broker/become.ts', ({ becomeFollower }) => ({
        becomeFollower: (broker, replica, registration) => {
          becomeFollower(broker, replica, registration);
          truncateTo(replica.log, broker.context, replica.log.highWatermark);
        },
      })),
    ],
  },
  {
    id: 'X06',
    rule: 'The high watermark waits for every replica that the controller may hold to be in sync.',
    caughtBy: { 10: 40_001 },
    bugs: [
      replace<typeof Replicas>('../../broker/replica.ts', () => ({
        isInMaximalIsr: () => false,
        isCaughtUp: () => false,
      })),
    ],
  },
  {
    id: 'X07',
    rule: 'A produce with acks=all is answered when the high watermark has passed it.',
    caughtBy: { 20: 40_001 },
    bugs: [replace<typeof DelayedProduce>('../../broker/delayed-produce.ts', () => ({ outcome: () => 0 }))],
  },
  {
    id: 'X08',
    rule: 'With fewer than min.insync.replicas in sync nothing is acknowledged to acks=all.',
    caughtBy: { 20: 40_007 },
    bugs: [
      replace<typeof Replicas>('../../broker/replica.ts', () => ({
        isUnderMinIsr: () => false,
        maximalIsrSize: ({ assignment }) => assignment.length,
      })),
    ],
  },
  {
    id: 'X10',
    rule: 'Only who is in sync, or eligible while nobody is, may lead (KIP-966).',
    caughtBy: { 11: 40_003, 12: 40_003, 14: 40_003 },
    bugs: [
      replace<typeof Election>('../../controller/election.ts', ({ electLeader }) => ({
        electLeader: (wish, target) => {
          const { leader } = electLeader(wish, target);
          if (leader === wish.partition.leader) return { leader, unclean: false };
          const behind = target.replicas.find(
            (id) => wish.isAcceptableLeader(id) && !target.isr.includes(id),
          );
          return { leader: behind ?? leader, unclean: false };
        },
      })),
    ],
  },
  {
    id: 'X13',
    rule: 'Followers remember the sequences of producers too, so that a new leader knows a retry.',
    caughtBy: { 25: 40_001 },
    features: ['crash', 'classic-group'],
    bugs: [
      replace<typeof Append>('../../log/append.ts', ({ appendAsFollower }) => ({
        appendAsFollower: (log, context, batch) => {
          const result = appendAsFollower(log, context, batch);
          log.producers.producers.clear();
          return result;
        },
      })),
    ],
  },
  {
    id: 'X14',
    rule: 'A retry is recognised among the last five batches of its producer.',
    caughtBy: { 23: 40_001, 25: 40_006 },
    bugs: [
      replace<typeof ProducerAppend>('../../log/producer-append.ts', () => ({
        findDuplicateBatch: () => undefined,
        checkDataBatch: () => 0,
      })),
    ],
  },
  {
    id: 'X04',
    rule: 'What a leader knows of its followers from an older epoch counts for nothing (KIP-320).',
    caughtBy: { 10: 40_020 },
    bugs: [
      replace<typeof Replicas>('../../broker/replica.ts', ({ newRemote }) => ({
        newRemote: (id, now, inSync) => ({
          ...newRemote(id, now, inSync),
          logEndOffset: inSync ? Infinity : -1,
        }),
      })),
    ],
  },
  {
    id: 'X05',
    rule: 'Who joins those in sync has what is committed, and the log up to where the epoch began (KIP-320).',
    caughtBy: { 15: 40_003 },
    bugs: [
      replace<typeof Isr>('../../broker/isr.ts', ({ maybeExpandIsr }) => ({
        maybeExpandIsr: (broker, replica, remote) =>
          maybeExpandIsr(broker, replica, { ...remote, logEndOffset: Infinity }),
      })),
    ],
  },
  {
    id: 'X09',
    rule: 'Who comes back without proof of an orderly stop counts as in sync nowhere (KIP-966).',
    caughtBy: { 6: 40_007 },
    features: ['power-off', 'crash', 'classic-group'],
    bugs: [
      replace<typeof Leadership>('../../controller/leadership.ts', ({ leaderAndIsrUpdates }) => ({
        leaderAndIsrUpdates: (cluster, occasion) =>
          occasion.kind === 'unclean-shutdown' ? [] : leaderAndIsrUpdates(cluster, occasion),
      })),
    ],
  },
  {
    id: 'X11',
    rule: 'What was flushed survives a loss of power.',
    caughtBy: { 49: 40_001 },
    features: ['power-off', 'compaction', 'classic-group'],
    bugs: [
      replace<typeof DiskLoss>('../../sim/disk-loss.ts', ({ losePower }) => ({
        losePower: (disk, now) => {
          losePower(disk, now);
          for (const [name, file] of disk.files)
            if (name.includes('clicks') && file.entries.size > 0) truncateFile(file, file.entries.end - 1);
        },
      })),
    ],
  },
  {
    id: 'X15',
    rule: 'A sequence that leaves one out is refused.',
    caughtBy: { 25: 40_010 },
    bugs: [
      replace<typeof ProducerAppend>('../../log/producer-append.ts', () => ({ checkDataBatch: () => 0 })),
    ],
  },
  {
    id: 'Y01',
    rule: 'Consumers are given nothing above the high watermark.',
    caughtBy: { 19: 40_001 },
    bugs: [
      replace<typeof Read>('../../log/read.ts', ({ readLog }) => ({
        readLog: (log, context, range) => readLog(log, context, { ...range, upTo: log.logEndOffset }),
      })),
    ],
  },
  {
    id: 'X29',
    rule: 'A voter writes its vote down before it answers (KIP-595).',
    caughtBy: { 1: 40_001 },
    features: ['three-controllers', 'controller-faults', 'crash'],
    bugs: [replace<typeof Transitions>('../../raft/transitions.ts', () => ({ persist: () => undefined }))],
  },
  {
    id: 'X30',
    rule: 'Metadata is committed when a majority has it, not when the leader has (KIP-595).',
    caughtBy: { 3: 40_001 },
    features: ['three-controllers', 'controller-faults', 'crash'],
    bugs: [
      replace<typeof LeaderState>('../../raft/leader-state.ts', ({ updateLocalEnd }) => ({
        updateLocalEnd: (state, leaderId, end, voters) => {
          updateLocalEnd(state, leaderId, end, voters);
          state.highWatermark = end;
          return true;
        },
      })),
    ],
  },
  {
    id: 'X03',
    rule: 'A fetch of an older leader epoch is refused (KIP-320).',
    caughtBy: { 13: 40_003, 17: 40_003, 18: 40_018 },
    bugs: [
      replace<typeof FetchRead>('../../broker/fetch-read.ts', ({ readPartitions }) => ({
        readPartitions: (broker, reader) => {
          const targets = reader.fetch.targets.map((target) => ({
            ...target,
            asked: { ...target.asked, currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
          }));
          return readPartitions(broker, { ...reader, fetch: { ...reader.fetch, targets } });
        },
      })),
    ],
  },
  {
    id: 'Y02',
    rule: 'A voter that is back goes on in the epoch that it has written down.',
    caughtBy: { 2: 40_001 },
    features: ['three-controllers', 'controller-faults'],
    bugs: [
      replace<typeof Transitions>('../../raft/transitions.ts', () => ({
        readElectionState: () => ({ epoch: 0, leaderId: -1, votedId: -1 }),
      })),
    ],
  },
  {
    id: 'Y03',
    rule: 'A leader waits for everybody whom the controller holds to be in sync.',
    caughtBy: { 9: 40_001 },
    features: ['crash', 'classic-group'],
    bugs: [
      replace<typeof Become>('../../broker/become.ts', ({ becomeLeader }) => ({
        becomeLeader: (broker, replica, registration) => {
          becomeLeader(broker, replica, registration);
          replica.isr = replica.isr.slice(0, 2);
        },
      })),
    ],
  },
  {
    id: 'Y05',
    rule: 'The epoch cache has the first offset of each epoch (KIP-101).',
    caughtBy: { 8: 40_001 },
    features: ['crash', 'classic-group'],
    bugs: [
      replace<typeof EpochCache>('../../log/leader-epoch-cache.ts', ({ assignEpoch }) => ({
        assignEpoch: (entries, epoch, start) =>
          entries.length > 0 ? entries : assignEpoch(entries, epoch, start),
      })),
    ],
  },
];
