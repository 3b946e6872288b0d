import { expect, test } from 'vitest';
import { ERROR_CODES } from '../protocol/errors.ts';
import { COORDINATOR_TYPE, findCoordinators } from './find-coordinator.ts';

test('each key gets its own answer: an endpoint, nobody yet, or a refusal of the type', () => {
  const endpoint = { nodeId: 2, host: 'b2', port: 9092 };
  const leaderFor = (key: string) => (key === 'g' ? endpoint : undefined);
  const ask = (keyType: number, coordinatorKeys: readonly string[]) =>
    findCoordinators({ keyType, coordinatorKeys }, leaderFor).coordinators.map(
      ({ key, nodeId, errorCode }) => [key, nodeId, errorCode],
    );
  expect(ask(COORDINATOR_TYPE.GROUP, ['g', 'h'])).toEqual([
    ['g', 2, 0],
    ['h', -1, ERROR_CODES.COORDINATOR_NOT_AVAILABLE],
  ]);
  expect(ask(9, ['g'])).toEqual([['g', -1, ERROR_CODES.INVALID_REQUEST]]);
});
