import { expect, test } from 'vitest';
import type { GroupEntity } from '../../../engine/api/entities/group.ts';
import { groupState } from './words.ts';

const words = (state: string, members: number): string =>
  groupState({ state, members: Array.from({ length: members }) } as unknown as GroupEntity);

test('a group whose coordinator is down is not said to have no members', () => {
  expect(words('unknown', 0)).toBe('state unknown');
  expect(words('Empty', 0)).toBe('0 members');
  expect(words('Stable', 1)).toBe('1 member');
  for (const state of ['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling'])
    expect(words(state, 2)).toBe('2 members, rebalancing');
});
