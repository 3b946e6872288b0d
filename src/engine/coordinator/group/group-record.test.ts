import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../base/bytes.ts';
import { decodeRecord, encodeRecord, type GroupRecord } from './group-record.ts';

const GROUP: GroupRecord = {
  type: 'GroupMetadata',
  group: 'ünïcode',
  value: {
    protocolType: 'consumer',
    generation: 7,
    protocol: 'range',
    leader: 'c-1',
    currentStateTimestamp: 1_763_000_000_123,
    members: [
      {
        memberId: 'c-1',
        groupInstanceId: null,
        clientId: 'c',
        clientHost: '/127.0.0.1',
        rebalanceTimeout: 300_000,
        sessionTimeout: 45_000,
        subscription: fromHex('00ff80'),
        assignment: '',
      },
    ],
  },
};

const OFFSET: GroupRecord = {
  type: 'OffsetCommit',
  group: 'g',
  topic: 't',
  partition: 3,
  value: {
    offset: Number.MAX_SAFE_INTEGER,
    leaderEpoch: -1,
    metadata: 'é',
    commitTimestamp: 1_763_000_000_123,
  },
};

describe('records of __consumer_offsets', () => {
  test.each([GROUP, OFFSET, { ...GROUP, value: null }, { ...OFFSET, value: null }])(
    'survive their bytes',
    (record) => {
      const { key, value } = encodeRecord(record, 0);
      expect(decodeRecord(key ?? '', value)).toEqual(record);
    },
  );

  test('are the bytes that Kafka writes', () => {
    const record: GroupRecord = {
      ...OFFSET,
      value: { offset: -1, leaderEpoch: 2, metadata: 'm', commitTimestamp: 256 },
    };
    const { key, value } = encodeRecord(record, 0);
    expect(toHex(key ?? '')).toBe('0001' + '000167' + '000174' + '00000003');
    expect(toHex(value ?? '')).toBe('0003' + 'ffffffffffffffff' + '00000002' + '00016d' + '0000000000000100');
  });

  test('of other kinds are passed over', () => {
    expect(decodeRecord(fromHex('0003000167'), '')).toBeUndefined();
  });
});
