import { describe, expect, it } from 'vitest';
import type { ControllerFacts, NodeEntity } from '../../engine/api/entities/node.ts';
import type { Entity } from '../../engine/api/frame.ts';
import type { GroupEntity, GroupMember } from '../../engine/api/entities/group.ts';
import { groupFigure } from './group-figure.ts';
import { memberTable, partitionList, partitionNames } from './member-table.ts';
import { quorumTable } from './quorum-table.ts';

const names = { node: (id: string): string => id.toUpperCase() };

const member = (n: number, change: Partial<GroupMember>): GroupMember => ({
  memberId: `m${n}`,
  node: `c${n}`,
  epoch: 13,
  owned: [],
  assigned: [],
  giving: [],
  coming: [],
  ...change,
});

const GROUP: GroupEntity = {
  kind: 'group',
  id: 'group:dash',
  name: 'dash',
  state: 'Reconciling',
  generation: 13,
  assignmentEpoch: 13,
  protocol: 'uniform',
  coordinator: 1,
  members: [
    member(10, { coming: ['t-2'], assigned: [] }),
    member(2, { epoch: 12, owned: ['t-3', 't-4', 't-5'], assigned: ['t-3', 't-4'], giving: ['t-5'] }),
    member(3, { owned: ['t-0'], assigned: ['t-0', 't-1'], coming: ['t-1'] }),
  ],
  partitions: [],
  recordsPerSecond: 0,
};

describe('the members of a group', () => {
  it('stand in order with what they have to do, and whose epoch is old is told', () => {
    const { lines, protocol } = memberTable(GROUP, names);
    expect(protocol).toBe('consumer protocol, group epoch 13, assignment epoch 13, uniform assignor');
    expect(lines.map(({ name, behind, owned, next }) => [name, behind, owned, next])).toEqual([
      ['C2', true, 'p3–p5', 'gives up p5'],
      ['C3', false, 'p0', 'takes p1'],
      ['C10', false, 'none', 'waits for p2'],
    ]);
  });

  it('stand beside each other with a card for each partition that they have, give up or are to have', () => {
    const partition = (n: number, owner: string, numbers: readonly [number, number, number]) => ({
      name: `t-${n}`,
      owner,
      position: numbers[1],
      committed: numbers[0],
      end: numbers[2],
      lag: numbers[2] - numbers[1],
      lagMs: 0,
      recordsPerSecond: 0,
    });
    const group: GroupEntity = {
      ...GROUP,
      members: [...GROUP.members.slice(1), member(4, { coming: ['t-2', 't-5'] })],
      partitions: [
        partition(0, 'c3', [0, 0, 0]),
        partition(1, '', [10, 14, 20]),
        partition(2, '', [10, 10, 50]),
        partition(3, 'c2', [0, 0, 0]),
        partition(5, 'c2', [20, 30, 40]),
      ],
    };
    const figure = groupFigure(group, new Map(), names);
    expect(figure?.columns.map(({ name, epoch, behind, status }) => [name, epoch, behind, status])).toEqual([
      ['C2', '12', true, 'UNREVOKED'],
      ['C3', '13', false, 'STABLE'],
      ['C4', '13', false, 'UNRELEASED'],
    ]);
    expect(
      figure?.rows.map(({ short, cards, way, orphan }) => [short, cards.join(' '), way, orphan]),
    ).toEqual([
      ['p0', 'empty owns empty', null, false],
      ['p1', 'empty takes empty', null, true],
      ['p2', 'empty empty waits', null, true],
      ['p3', 'owns empty empty', null, false],
      ['p5', 'leaving empty waits', { from: 0, to: 2 }, false],
    ]);
    expect(figure?.rows.map(({ read, wait, uncommitted }) => [read, wait, uncommitted])).toEqual([
      [0, 0, '0'],
      [0.1, 0.15, '10'],
      [0, 1, '40'],
      [0, 0, '0'],
      [0.25, 0.25, '20'],
    ]);
    expect(figure?.sentence).toBe(
      'C2 has to give up p5. C3 was given p1 and does not read there yet. C4 waits for p2 p5 until their owner lets go. Nobody reads p1 p2 now.',
    );
  });

  it('of a share group say that members beside each other have a partition, and who reads while one is down', () => {
    const own = { owned: ['t-0'], assigned: ['t-0'] };
    const idle = {
      name: 't-0',
      owner: '',
      position: 9,
      committed: 5,
      end: 9,
      lag: 4,
      lagMs: 0,
      recordsPerSecond: 0,
    };
    const shared: GroupEntity = {
      ...GROUP,
      members: [member(1, own), member(2, own)],
      partitions: [idle],
      share: [],
    };
    const up = (...nodes: string[]) =>
      new Map(['c1', 'c2'].map((id) => [id, machine(id, { status: nodes.includes(id) ? 'up' : 'down' })]));
    const figure = groupFigure(shared, up('c1'), names);
    expect(figure?.rows.map(({ cards, orphan }) => [cards.join(' '), orphan])).toEqual([
      ['shares shares', false],
    ]);
    expect(figure?.sentence).toBe('Every partition is shared by members that are up.');
    expect(groupFigure(shared, up(), names)?.sentence).toBe('Nobody reads p0 now.');
  });

  it('of a group that nobody knows claim no protocol', () => {
    const unknown: GroupEntity = { ...GROUP, state: 'unknown', generation: -1, members: [] };
    expect(memberTable(unknown, names).protocol).not.toMatch(/classic|consumer protocol/);
  });

  it('name their partitions by topic when there are several', () => {
    expect(partitionList(['a-0', 'b-2', 'a-1', 'a-2', 'b-4'])).toBe('a p0–p2, b p2 p4');
    expect(partitionList(['a-0', 'a-1'])).toBe('p0 p1');
    expect(partitionNames(['a-0', 'a-1'])).toBe('a p0 p1');
  });
});

const machine = (id: string, more: Partial<NodeEntity>): NodeEntity => ({
  kind: 'node',
  id,
  role: 'controller',
  label: id.toUpperCase(),
  status: 'up',
  stopping: false,
  since: 0,
  incarnation: 1,
  ...more,
});

const facts = (change: Partial<ControllerFacts>): ControllerFacts => ({
  active: false,
  epoch: 2,
  role: 'follower',
  leader: 'k2',
  voters: ['k1', 'k2', 'k3'],
  logEnd: 100,
  committedOffset: 100,
  ...change,
});

const broker = (id: string, metadataOffset?: number): NodeEntity =>
  machine(id, {
    role: 'broker',
    status: metadataOffset === undefined ? 'down' : 'up',
    broker: {
      brokerId: 1,
      brokerEpoch: 1,
      fenced: false,
      leads: 0,
      replicas: 0,
      lastHeartbeatAt: 0,
      bytesStored: 0,
      ...(metadataOffset === undefined ? {} : { metadataOffset }),
    },
  });

it('the quorum: who leads now although another still believes so, and how far everybody follows', () => {
  const nodes = [
    machine('k1', {
      controller: facts({ active: true, epoch: 1, role: 'leader', committedOffset: 90, logEnd: 95 }),
    }),
    machine('k2', { controller: facts({ active: true, role: 'leader', logEnd: 102 }) }),
    machine('k3', { status: 'down' }),
    broker('b1', 99),
    broker('b2', 79),
    broker('b3'),
  ];
  const table = quorumTable(new Map<string, Entity>(nodes.map((node) => [node.id, node])), names);
  expect(table?.sentence).toBe('K2 leads in epoch 2, 2 of 3 voters up, metadata committed up to 100');
  expect(table?.lines.map(({ name, role, end, lag, behind }) => [name, role, end, lag, behind])).toEqual([
    ['K1', 'leader', '95', '5', true],
    ['K2', 'leader', '102', '0', false],
    ['K3', 'DOWN', '–', '–', false],
    ['B1', 'observer', '100', '0', false],
    ['B2', 'observer', '80', '20', true],
    ['B3', 'DOWN', '–', '–', false],
  ]);
});
