import { expect, test } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts';

test('a subscription has the layout of ConsumerProtocolSubscription version 3', () => {
  const subscription = {
    topics: ['a', 'bü'],
    userData: '\x01\xff',
    ownedPartitions: [{ topic: 'a', partitions: [0, 258] }],
    generationId: 7,
    rackId: null,
  };
  const bytes = encodeSubscription(subscription);
  expect(toHex(bytes)).toBe(
    '0003' +
      '00000002' +
      '000161' +
      '000362c3bc' +
      '00000002' +
      '01ff' +
      '00000001' +
      '000161' +
      '00000002' +
      '00000000' +
      '00000102' +
      '00000007' +
      'ffff',
  );
  expect(decodeSubscription(bytes)).toEqual(subscription);
});

test('older versions end earlier, and bytes that end too early are refused', () => {
  expect(decodeSubscription(fromHex('0000' + '00000001' + '000174' + 'ffffffff'))).toEqual({
    topics: ['t'],
    userData: null,
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
  });
  expect(decodeSubscription(fromHex('0003' + '7fffffff' + '0001'))).toBeUndefined();
  expect(decodeAssignment(fromHex('0000'))).toBeUndefined();
});

test('an assignment survives the way there and back', () => {
  const assignment = { partitions: [{ topic: 't', partitions: [3, 4] }], userData: null };
  expect(decodeAssignment(encodeAssignment(assignment))).toEqual(assignment);
});
