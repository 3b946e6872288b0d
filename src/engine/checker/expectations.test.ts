import { expect, test } from 'vitest';
import type { CommandAct } from '../api/command.ts';
import type { Scenario } from '../api/scenario.ts';
import { allInvariants } from './all-invariants.ts';
import { expectations } from './expectations.ts';

interface Setting {
  /** Values of the one group, which writes in transactions. */
  readonly writers?: Record<string, string>;
  readonly topic?: Record<string, string>;
  readonly producer?: Record<string, string>;
  readonly application?: Record<string, string>;
  readonly acts?: readonly CommandAct[];
  readonly before?: Scenario['before'];
  readonly brokerConfig?: Record<string, string>;
  readonly groups?: readonly string[];
}

const powerOff = (node: string): CommandAct => ({ type: 'power-off', node });
const ASKED: readonly CommandAct[] = [
  { type: 'describe', what: 'groups' },
  { type: 'find-hanging', topic: 't', olderThanMs: 1 },
  { type: 'query', application: 'a', store: 's', kind: 'range' },
];
const CRASH: CommandAct = { type: 'crash', node: 'b1' };

/** Numbers of the invariants that may fail. */
function mayFail({
  topic = { 'min.insync.replicas': '2' },
  producer = {},
  application,
  acts = [],
  before,
  brokerConfig = {},
  groups = [],
  writers,
}: Setting): number[] {
  const scenario: Partial<Scenario> = {
    ...(before !== undefined && { before }),
    brokers: [1, 2, 3].map((id) => ({ id, rack: null, config: {} })),
    brokerConfig,
    topics: [{ name: 't', partitions: 1, replicationFactor: 3, config: topic }],
    producers: [{ id: 'p1', topic: 't', config: producer } as never],
    applications:
      application === undefined
        ? []
        : [{ id: 'a', instances: 1, topology: [], workMicros: 0, config: application }],
    groups: [
      ...groups.map((id) => ({ id, topic: 't', members: 1, workMicros: 0, config: {} })),
      ...(writers === undefined ? [] : [writing(writers)]),
    ],
  };
  const expected = expectations(scenario as Scenario, acts);
  return allInvariants()
    .map(({ id }) => id)
    .filter((id) => expected(id) === 'may-fail');
}

const writing = (config: Record<string, string>) => ({
  id: 'w',
  topic: 't',
  members: 1,
  workMicros: 0,
  config,
  output: { topic: 'out', config: {} },
});

const COMMITS_ALONE = { 'enable.auto.commit': 'false' };
const COMMITS_TOO: CommandAct = {
  type: 'set-config',
  target: { kind: 'client', node: 'w-1' },
  key: 'enable.auto.commit',
  value: 'true',
};

const LOSS = [
  10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 23, 24, 25, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
  40, 41, 43, 44, 45, 46, 47, 48, 50, 52, 53, 54, 55, 56,
];

test.each<[string, Setting, readonly number[]]>([
  ['nothing happens, whatever the settings', { producer: { acks: '0' } }, []],
  ['who writes commits in transactions alone', { writers: COMMITS_ALONE, acts: [CRASH] }, []],
  ['who writes commits in the background too', { writers: {}, acts: [CRASH] }, [38]],
  ['or does so later', { writers: COMMITS_ALONE, acts: [CRASH, COMMITS_TOO] }, [38]],
  ['somebody only asks', { producer: { acks: '0' }, application: {}, acts: ASKED }, []],
  ['a process dies: work may be done again', { application: {}, acts: [CRASH] }, [47]],
  [
    'a process dies, but what it had not committed is taken back',
    { application: { 'processing.guarantee': 'exactly_once_v2' }, acts: [CRASH] },
    [],
  ],
  ['one machine loses power, two have everything', { acts: [powerOff('b1')] }, []],
  ['the same machine loses power twice', { acts: [powerOff('b1'), powerOff('b1')] }, []],
  ['as many lose power as a write waits for', { acts: [powerOff('b1'), powerOff('b2')] }, LOSS],
  ['one loses power, and one is killed', { acts: [powerOff('b1'), { type: 'crash', node: 'b2' }] }, LOSS],
  ['one may be enough', { topic: {}, acts: [powerOff('b1')] }, LOSS],
  [
    'as many as the offsets of groups have replicas, though topics have more',
    {
      brokerConfig: { 'min.insync.replicas': '2', 'offsets.topic.replication.factor': '1' },
      groups: ['g'],
      acts: [powerOff('b1')],
    },
    LOSS,
  ],
  [
    'nobody needs these offsets',
    { brokerConfig: { 'offsets.topic.replication.factor': '1' }, acts: [powerOff('b1')] },
    [],
  ],
  [
    'as many as transactions are kept on',
    {
      brokerConfig: { 'transaction.state.log.min.isr': '1' },
      producer: { 'transactional.id': 'x' },
      acts: [powerOff('b1')],
    },
    LOSS,
  ],
  [
    'as many as hold the changelogs of an application',
    {
      brokerConfig: { 'min.insync.replicas': '2', 'default.replication.factor': '3' },
      application: { 'replication.factor': '1', 'processing.guarantee': 'exactly_once_v2' },
      acts: [powerOff('b1')],
    },
    LOSS,
  ],
  [
    'fewer than that',
    {
      brokerConfig: { 'min.insync.replicas': '2', 'default.replication.factor': '3' },
      application: { 'processing.guarantee': 'exactly_once_v2' },
      acts: [powerOff('b1')],
    },
    [],
  ],
  [
    'a share group may try a record less often from now on',
    {
      acts: [
        {
          type: 'set-config',
          target: { kind: 'group', group: 's' },
          key: 'share.delivery.count.limit',
          value: '2',
        },
      ],
    },
    [54],
  ],
  ['a client loses power', { topic: {}, acts: [powerOff('p1')] }, []],
  ['the leader alone is waited for', { producer: { acks: '1' }, acts: [CRASH] }, [17, 21, 24]],
  ['retries may overtake each other', { producer: { 'enable.idempotence': 'false' }, acts: [CRASH] }, [24]],
  [
    'but not one at a time',
    {
      producer: { 'enable.idempotence': 'false', 'max.in.flight.requests.per.connection': '1' },
      acts: [CRASH],
    },
    [],
  ],
  [
    'an unclean leader is allowed',
    { topic: { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'true' }, acts: [CRASH] },
    LOSS,
  ],
  [
    'it is allowed later',
    {
      acts: [
        CRASH,
        {
          type: 'set-config',
          target: { kind: 'topic', topic: 't' },
          key: 'unclean.leader.election.enable',
          value: 'true',
        },
      ],
    },
    LOSS,
  ],
  [
    'the producer is told to wait for nobody at its next start',
    {
      acts: [CRASH, { type: 'set-config', target: { kind: 'client', node: 'p1' }, key: 'acks', value: '0' }],
    },
    [17, 21, 24],
  ],
])('%s', (_, setting, expected) => {
  expect(mayFail(setting)).toEqual(expected);
});

test('each rule has a number of its own, and what may fail is a rule', () => {
  const ids = allInvariants().map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  expect(ids).toEqual(expect.arrayContaining(LOSS));
});

test.each(['KIP-101', 'KIP-279'] as const)('before %s logs may part, once something fails', (improvement) => {
  const before = [improvement];
  expect(mayFail({ before })).toEqual([]);
  expect(mayFail({ before, acts: [CRASH] })).toEqual(expect.arrayContaining([8, 13, 21]));
  expect(mayFail({ acts: [CRASH] })).not.toContain(13);
});

test('before KAFKA-14639 two members may own the same', () => {
  const before = ['KAFKA-14639'] as const;
  expect(mayFail({ before })).toEqual([]);
  expect(mayFail({ before, acts: [CRASH] })).toContain(36);
  expect(mayFail({ acts: [CRASH] })).not.toContain(36);
});

test('before KAFKA-19999 a transaction may stay open where a coordinator repeats its markers', () => {
  const before = ['KAFKA-19999'] as const;
  expect(mayFail({ before })).toEqual([]);
  expect(mayFail({ before, acts: [CRASH] })).toContain(34);
  expect(mayFail({ acts: [CRASH] })).not.toContain(34);
});
