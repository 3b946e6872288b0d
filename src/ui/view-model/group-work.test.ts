import { expect, test } from 'vitest';
import type { Entity } from '../../engine/api/frame.ts';
import type { GroupEntity, Processing } from '../../engine/api/entities/group.ts';
import { groupWork } from './group-work.ts';

function harmOf(processing: Partial<Processing>): string | undefined {
  const group: GroupEntity = {
    kind: 'group',
    id: 'group:readers',
    name: 'readers',
    state: 'Stable',
    generation: 1,
    protocol: 'range',
    coordinator: 1,
    members: [],
    partitions: [],
    recordsPerSecond: 0,
    processing: { processed: 2_000, repeated: 0, disordered: 0, skipped: 0, ...processing },
  };
  return groupWork(new Map<string, Entity>([[group.id, group]]))[0]?.harm;
}

test('what a group did with its records is one sentence, and none if it did each once and in order', () => {
  expect(harmOf({})).toBe('');
  expect(harmOf({ skipped: 1 })).toBe('readers never processed 1 record.');
  expect(harmOf({ skipped: 1_826, repeated: 16, disordered: 3 })).toBe(
    'readers never processed 1,826 records, processed 16 more than once and processed 3 out of order.',
  );
});
