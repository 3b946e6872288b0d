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

const TOPIC_ID = 'mB3cR-_aQ0yTzw8kQ1n6_A';
const MEMBER: GroupRecord = {
  type: 'ConsumerGroupMemberMetadata',
  group: 'g',
  member: 'm',
  value: {
    instanceId: 'i',
    rackId: null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    topicNames: ['a', 'b'],
    topicRegex: 'é.*',
    rebalanceTimeoutMs: 300_000,
    serverAssignor: null,
    classic: { sessionTimeoutMs: 45_000, protocols: [{ name: 'range', metadata: 'x'.repeat(300) }] },
  },
};
const CONSUMER_GROUP: readonly GroupRecord[] = [
  { type: 'ConsumerGroupMetadata', group: 'g', value: { epoch: 3, metadataHash: 0xffffffff } },
  MEMBER,
  {
    type: 'ConsumerGroupTargetAssignmentMetadata',
    group: 'g',
    value: { epoch: 3, timestamp: 1_763_000_000_123 },
  },
  {
    type: 'ConsumerGroupTargetAssignmentMember',
    group: 'g',
    member: 'm',
    value: new Map([[TOPIC_ID, [0, 2, 300]]]),
  },
  {
    type: 'ConsumerGroupCurrentMemberAssignment',
    group: 'g',
    member: 'm',
    value: {
      state: 'UNREVOKED_PARTITIONS',
      memberEpoch: -2,
      previousMemberEpoch: 2,
      assigned: new Map([[TOPIC_ID, new Map([[0, 2]])]]),
      pendingRevocation: new Map([[TOPIC_ID, new Map([[1, 1]])]]),
    },
  },
  {
    type: 'ConsumerGroupRegularExpression',
    group: 'g',
    regex: 'é.*',
    value: { topics: ['a'], timestamp: 1_763_000_000_123 },
  },
];

describe('records of __consumer_offsets', () => {
  test.each([GROUP, OFFSET, ...CONSUMER_GROUP].flatMap((record) => [record, { ...record, value: null }]))(
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
    expect(decodeRecord(fromHex('0009000167'), '')).toBeUndefined();
  });
});
