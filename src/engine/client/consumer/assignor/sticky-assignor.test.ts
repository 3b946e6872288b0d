import { expect, test } from 'vitest';
import { below, chance, prngStream, type PrngState } from '../../../base/prng.ts';
import { topicPartition } from '../../../api/ids.ts';
import type { AssignorMember, AssignorTopic, MemberAssignment } from './assignor.ts';
import { assignCooperativeSticky } from './sticky-assignor.ts';

const TOPICS: readonly AssignorTopic[] = [
  { name: 'a', partitionCount: 7 },
  { name: 'b', partitionCount: 4 },
  { name: 'c', partitionCount: 1 },
];
const HALF = { numerator: 1, denominator: 2 };

const subscriptionOf = (prng: PrngState, alike: boolean): string[] =>
  TOPICS.map(({ name }) => name).filter((name) => alike || name === 'a' || chance(prng, HALF));

const newMember = (memberId: string, topics: readonly string[]): AssignorMember => ({
  memberId,
  groupInstanceId: null,
  rackId: null,
  topics,
  generationId: -1,
  claim: { partitions: [], generation: -1 },
});

const partitionsOf = (assignment: MemberAssignment | undefined): { topic: string; partition: number }[] =>
  [...(assignment ?? [])].flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })));

const names = (partitions: readonly { topic: string; partition: number }[]): string[] =>
  partitions.map(({ topic, partition }) => topicPartition(topic, partition));

/** One rebalance: everybody claims what it had and gets what is assigned now. */
function rebalance(members: readonly AssignorMember[], generation: number): AssignorMember[] {
  const assignment = assignCooperativeSticky(TOPICS, members);
  const given = members.flatMap(({ memberId }) => names(partitionsOf(assignment.get(memberId))));
  expect(new Set(given).size).toBe(given.length);
  const next = members.map((member) => {
    const partitions = partitionsOf(assignment.get(member.memberId));
    return { ...member, generationId: generation, claim: { partitions, generation } };
  });
  for (const [i, { claim, topics }] of next.entries()) {
    expect(claim.partitions.every(({ topic }) => topics.includes(topic))).toBe(true);
    const others = members.filter((_, j) => j !== i).flatMap((member) => names(member.claim.partitions));
    const held = new Set(others);
    expect(names(claim.partitions).filter((name) => held.has(name))).toEqual([]);
  }
  return next;
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'cooperative rounds never give what another member holds, and end with everything given evenly (seed %i)',
  (seed) => {
    const prng = prngStream(seed, 'sticky');
    const alike = seed % 2 === 0;
    let members: AssignorMember[] = [newMember('m0', subscriptionOf(prng, true))];
    let generation = 0;
    for (let change = 1; change <= 8; change++) {
      if (members.length > 1 && chance(prng, HALF)) members.splice(below(prng, members.length), 1);
      else members.push(newMember(`m${change}`, subscriptionOf(prng, alike)));
      for (let round = 0; round < 3; round++) members = rebalance(members, ++generation);
      expect(rebalance(members, generation + 1).map(({ claim }) => names(claim.partitions))).toEqual(
        members.map(({ claim }) => names(claim.partitions)),
      );
      const subscribed = TOPICS.filter(({ name }) => members.some(({ topics }) => topics.includes(name)));
      const sizes = members.map(({ claim }) => claim.partitions.length);
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(subscribed.reduce((sum, t) => sum + t.partitionCount, 0));
      if (alike) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  },
);
