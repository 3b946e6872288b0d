import { expect, test } from 'vitest';
import type { ThreadFacts } from '../../engine/api/entities/node.ts';
import { threadLines } from './thread-lines.ts';

const thread = (index: number, more: Partial<ThreadFacts>): ThreadFacts => ({
  index,
  name: `app-0-StreamThread-${index}`,
  state: 'RUNNING',
  tasks: [],
  standbys: [],
  ...more,
});

test('an instance tells its threads by index, each with its tasks and copies, or what ended it', () => {
  const threads = [
    thread(2, { tasks: ['0_1', '1_0'], standbys: ['1_1'] }),
    thread(1, { tasks: ['0_0'] }),
    thread(3, { state: 'STARTING' }),
    thread(4, { state: 'DEAD', failure: 'StreamsException: no' }),
  ];
  expect(threadLines({ state: 'REBALANCING', processId: '0', threads })).toEqual([
    { name: 'StreamThread-1', state: 'RUNNING', has: 'task 0_0' },
    { name: 'StreamThread-2', state: 'RUNNING', has: 'tasks 0_1, 1_0; copies of 1_1' },
    { name: 'StreamThread-3', state: 'STARTING', has: 'no task' },
    { name: 'StreamThread-4', state: 'DEAD', has: 'ended by StreamsException: no' },
  ]);
});
