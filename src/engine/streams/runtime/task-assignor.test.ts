import { describe, expect, test } from 'vitest';
import { decodeMemberData, encodeMemberData, LATEST } from './member-data.ts';
import { assignTasks, type AssignorClient } from './task-assignor.ts';
import type { TaskId } from './task-id.ts';

const TASKS = [0, 1].flatMap((sub) => [0, 1, 2, 3, 4, 5].map((p): TaskId => `${sub}_${p}`));

const client = (memberId: string, tasks: readonly (readonly [TaskId, number])[] = []): AssignorClient => ({
  memberId,
  data: decodeMemberData(encodeMemberData({ tasks: new Map(tasks) })),
});

/** The clients as they are after this assignment. */
const after = (
  assignment: ReadonlyMap<string, readonly TaskId[]>,
  ids: readonly string[],
): AssignorClient[] =>
  ids.map((id) =>
    client(
      id,
      (assignment.get(id) ?? []).map((task) => [task, LATEST] as const),
    ),
  );

const sizes = (assignment: ReadonlyMap<string, readonly TaskId[]>, subtopology = ''): number[] =>
  [...assignment.values()].map((tasks) => tasks.filter((id) => id.startsWith(subtopology)).length);

describe('tasks', () => {
  test('are shared out evenly, also within each sub-topology, each to exactly one member', () => {
    const assignment = assignTasks(
      TASKS,
      ['a', 'b', 'c'].map((id) => client(id)),
    );
    expect([...assignment.values()].flat().sort()).toEqual(TASKS);
    expect(sizes(assignment)).toEqual([4, 4, 4]);
    expect(sizes(assignment, '0_')).toEqual([2, 2, 2]);
  });

  test('stay where they are when nothing changes', () => {
    const first = assignTasks(TASKS, [client('a'), client('b')]);
    expect(assignTasks(TASKS, after(first, ['a', 'b']))).toEqual(first);
  });

  test('move no more than needed when a member comes, and when one goes', () => {
    const two = assignTasks(TASKS, [client('a'), client('b')]);
    const three = assignTasks(TASKS, after(two, ['a', 'b', 'c']));
    expect(sizes(three)).toEqual([4, 4, 4]);
    for (const id of ['a', 'b'])
      expect(three.get(id)?.every((task) => two.get(id)?.includes(task))).toBe(true);
    const back = assignTasks(TASKS, after(three, ['a', 'b']));
    for (const id of ['a', 'b'])
      expect(back.get(id)).toEqual(expect.arrayContaining([...(three.get(id) ?? [])]));
  });

  test('go to the member with the newest state on disk when nobody runs them', () => {
    const assignment = assignTasks(
      ['1_0', '1_1'],
      [
        client('a', [
          ['1_0', 50],
          ['1_1', 700],
        ]),
        client('b', [
          ['1_0', 600],
          ['1_1', 699],
        ]),
      ],
    );
    expect(assignment.get('a')).toEqual(['1_1']);
    expect(assignment.get('b')).toEqual(['1_0']);
  });

  test('more members than tasks: some have none', () => {
    const assignment = assignTasks(
      ['0_0', '0_1'],
      ['a', 'b', 'c'].map((id) => client(id)),
    );
    expect(sizes(assignment)).toEqual([1, 1, 0]);
  });
});
