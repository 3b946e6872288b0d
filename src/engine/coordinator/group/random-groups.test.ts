import { expect, test } from 'vitest';
import { below, pick, prngStream, type PrngState } from '../../base/prng.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { commitBody, heartbeatBody, joinBody, syncBody } from '../../testing/group-requests/bench-members.ts';
import { CoordinatorBench } from '../../testing/group-requests/coordinator-bench.ts';
import type { ClassicGroup } from './classic-group.ts';

const SEEDS = 60;
const STEPS = 120;
/** Longer than any timeout in these runs: the join of a new member waits up to five minutes. */
const LONG_MS = 700_000;

/** Members without manners: they join, sync, commit, leave and fall silent whenever they like. */
class UnrulyClients {
  readonly bench = new CoordinatorBench({
    'group.initial.rebalance.delay.ms': '1000',
    'group.max.size': '4',
  });
  private readonly prng: PrngState;
  private readonly joins: number[] = [];
  private readonly known: string[] = ['', 'stranger'];

  constructor(seed: number) {
    this.prng = prngStream(seed, 'unruly clients');
  }

  step(): void {
    this.learn();
    const memberId = pick(this.prng, this.known);
    const generation = (this.group()?.generation ?? 0) - (below(this.prng, 8) === 0 ? 1 : 0);
    const groupInstanceId = below(this.prng, 3) === 0 ? pick(this.prng, ['i1', 'i2']) : null;
    const member = { memberId, groupInstanceId, reason: null };
    const acts = [
      () => this.join(memberId, groupInstanceId),
      () => this.join('', groupInstanceId),
      () =>
        this.bench.send('SyncGroup', { ...syncBody(memberId, generation, this.shares()), groupInstanceId }),
      () => this.bench.send('SyncGroup', syncBody(this.group()?.leader ?? '', generation, this.shares())),
      () => this.bench.send('Heartbeat', { ...heartbeatBody(memberId, generation), groupInstanceId }),
      () =>
        this.bench.send('OffsetCommit', commitBody(below(this.prng, 9), memberId, generation), {
          version: 9,
        }),
      () => this.bench.send('LeaveGroup', { groupId: 'g', members: [member] }),
      () => this.bench.send('DeleteGroups', { groupsNames: ['g'] }),
      () => this.bench.sleep(below(this.prng, 4_000)),
      () => this.bench.sleep(below(this.prng, 4_000)),
      () => this.trouble(),
    ];
    pick(this.prng, acts)();
  }

  group(): ClassicGroup | undefined {
    return this.bench.coordinator.shards.get(0)?.groups.get('g');
  }

  /** The log cannot be written, or not replicated, for a while; or the coordinator moves. */
  private trouble(): void {
    const { bench } = this;
    bench.holdCommits = below(this.prng, 3) === 0;
    bench.appendError = below(this.prng, 4) === 0 ? ERROR_CODES.NOT_ENOUGH_REPLICAS : 0;
    bench.commit();
    if (below(this.prng, 4) !== 0) return;
    bench.resign();
    bench.beginElection();
    bench.finishElection();
  }

  private join(memberId: string, groupInstanceId: string | null): void {
    const protocols = [
      { name: 'range', metadata: pick(this.prng, ['m', 'n']) },
      { name: 'sticky', metadata: 's' },
    ].slice(0, 1 + below(this.prng, 2));
    const version = pick(this.prng, [3, 5, 9]);
    const timeouts = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: pick(this.prng, [2_000, 9_000]) };
    const body = joinBody({ memberId, groupInstanceId, protocols, ...timeouts });
    this.joins.push(this.bench.send('JoinGroup', body, { version }));
  }

  private learn(): void {
    for (const token of this.joins) {
      const memberId = this.bench.answered<'JoinGroup'>(token)?.memberId ?? '';
      if (!this.known.includes(memberId)) this.known.push(memberId);
    }
  }

  private shares(): Record<string, string> {
    return Object.fromEntries([...(this.group()?.members.keys() ?? [])].map((id) => [id, `share of ${id}`]));
  }
}

function expectSound(group: ClassicGroup): void {
  const instances = [...group.members.values()].filter((member) => member.groupInstanceId !== null);
  expect([...group.staticMembers].sort()).toEqual(
    instances.map((member) => [member.groupInstanceId, member.memberId]).sort(),
  );
  expect(group.members.size === 0 ? group.leader : group.members.has(group.leader ?? '')).toBe(
    group.members.size === 0 ? null : true,
  );
  if (group.state === 'Empty') expect(group.members.size).toBe(0);
  if (group.state === 'CompletingRebalance' || group.state === 'Stable')
    expect(group.members.size).toBeGreaterThan(0);
}

const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);

test.each(seeds)('whatever members do, the group stays sound and comes to rest (seed %i)', (seed) => {
  const clients = new UnrulyClients(seed);
  const { bench } = clients;
  for (let step = 0; step < STEPS; step++) {
    clients.step();
    const group = clients.group();
    if (group !== undefined) expectSound(group);
  }
  bench.holdCommits = false;
  bench.appendError = 0;
  bench.commit();
  const durable = bench.coordinator.shards.get(0)?.stored;
  bench.beginElection();
  bench.finishElection();
  expect(bench.coordinator.shards.get(0)?.stored).toEqual(durable);
  bench.sleep(LONG_MS);
  expect(['Empty', undefined]).toContain(clients.group()?.state);
  expect(bench.pendingTimers).toBe(1);
});
