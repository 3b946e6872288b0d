import { expect, test } from 'vitest';
import { mergePartition, type PartitionRegistration } from '../metadata/partition-registration.ts';
import { changePartition } from './partition-change.ts';
import type { PartitionWish } from './partition-wish.ts';

const START: PartitionRegistration = {
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  addingReplicas: [],
  removingReplicas: [],
  elr: [],
  lastKnownElr: [],
  leader: 1,
  leaderRecoveryState: 0,
  leaderEpoch: 0,
  partitionEpoch: 0,
  directories: [],
};

/** The partition after wishes, one after the other; `alive` are those who may lead. */
function after(...wishes: (Partial<PartitionWish> & { alive: number[] })[]): PartitionRegistration {
  let partition = START;
  for (const { alive, ...wish } of wishes) {
    const fields = changePartition({
      partition,
      election: 'ONLINE',
      isAcceptableLeader: (id) => alive.includes(id),
      minIsr: 2,
      elrEnabled: true,
      useLastKnownLeader: true,
      ...wish,
    });
    if (fields === undefined) continue;
    partition = mergePartition(partition, {
      type: 'PartitionChangeRecord',
      topicId: '',
      partitionId: 0,
      ...fields,
    });
  }
  return partition;
}

const ONE_LEFT = [
  { alive: [1, 2], targetIsr: [1, 2] },
  { alive: [1], targetIsr: [1] },
];

test('a follower that leaves at the minimum stays eligible, one that left above it does not', () => {
  expect(after(...ONE_LEFT)).toMatchObject({ isr: [1], elr: [2], leader: 1, leaderEpoch: 0 });
});

test('an eligible replica leads cleanly when the last in sync is gone', () => {
  const partition = after(...ONE_LEFT, { alive: [2, 3], targetIsr: [] });
  expect(partition).toMatchObject({ isr: [2], elr: [1], leader: 2, leaderEpoch: 1, leaderRecoveryState: 0 });
});

test('a replica that is neither in sync nor eligible does not lead', () => {
  const partition = after(...ONE_LEFT, { alive: [3], targetIsr: [] });
  expect(partition).toMatchObject({ isr: [], elr: [1, 2], lastKnownElr: [1], leader: -1, leaderEpoch: 1 });
});

test('unless unclean election is on: then it leads alone and must recover', () => {
  const partition = after(...ONE_LEFT, { alive: [3], targetIsr: [], election: 'UNCLEAN' });
  expect(partition).toMatchObject({ isr: [3], elr: [], leader: 3, leaderRecoveryState: 1 });
});

test('an unclean stop costs eligibility; the last known leader leads when nobody is left', () => {
  const gone = after(
    ...ONE_LEFT,
    { alive: [3], targetIsr: [] },
    { alive: [3], uncleanShutdown: [1] },
    { alive: [3], uncleanShutdown: [2] },
  );
  expect(gone).toMatchObject({ isr: [], elr: [], lastKnownElr: [1], leader: -1 });
  const back = after(
    ...ONE_LEFT,
    { alive: [3], targetIsr: [] },
    { alive: [3], uncleanShutdown: [1] },
    { alive: [3], uncleanShutdown: [2] },
    { alive: [1, 3] },
  );
  expect(back).toMatchObject({ isr: [1], leader: 1, lastKnownElr: [], leaderRecoveryState: 1 });
});
