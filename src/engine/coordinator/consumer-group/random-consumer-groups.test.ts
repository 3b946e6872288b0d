import { expect, test } from 'vitest';
import { below, chance, pick, prngStream, type PrngState } from '../../base/prng.ts';
import { encodeSubscription } from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import {
  BenchConsumer,
  beatBody,
  consumerGroup,
  enterBody,
} from '../../testing/group-requests/bench-consumer.ts';
import { commitBody, heartbeatBody, joinBody, syncBody } from '../../testing/group-requests/bench-members.ts';
import { CoordinatorBench } from '../../testing/group-requests/coordinator-bench.ts';
import { stateOf } from './consumer-group.ts';
import { entriesOf } from './reconciliation.ts';

const SEEDS = 60;
const STEPS = 120;
/** Longer than any timeout in these runs. */
const LONG_MS = 700_000;
const TOPICS = [
  { name: 't', partitions: 5 },
  { name: 'tt', partitions: 2 },
];
const HALF = { numerator: 1, denominator: 2 };

/** Members of both protocols without manners: they join, claim, leave, come back and fall silent whenever they like. */
class UnrulyMembers {
  readonly bench = new CoordinatorBench(
    { 'group.consumer.max.size': '5', 'group.initial.rebalance.delay.ms': '0' },
    TOPICS,
  );
  private readonly prng: PrngState;

  constructor(seed: number) {
    this.prng = prngStream(seed, 'unruly members');
  }

  step(): void {
    const { bench, prng } = this;
    const memberId = pick(prng, ['a', 'b', 'c', 'd', 'x']);
    const epoch = this.epochOf(memberId);
    const instanceId = chance(prng, { numerator: 1, denominator: 4 }) ? pick(prng, ['i', 'j']) : null;
    const owned = [0, 1, 2, 3, 4].filter(() => chance(prng, HALF));
    const beat = beatBody(memberId, epoch, chance(prng, HALF) ? null : owned);
    const acts = [
      () => this.enter(memberId, instanceId),
      () => this.enter(memberId, instanceId),
      () => bench.send('ConsumerGroupHeartbeat', { ...beat, instanceId }),
      () => bench.send('ConsumerGroupHeartbeat', beatBody(memberId, epoch, [])),
      () => bench.send('ConsumerGroupHeartbeat', beat),
      () => bench.send('ConsumerGroupHeartbeat', { ...beat, memberEpoch: epoch + below(prng, 3) - 1 }),
      () => bench.send('ConsumerGroupHeartbeat', { ...beat, ...this.subscription() }),
      () =>
        bench.send('ConsumerGroupHeartbeat', {
          ...beat,
          memberEpoch: -1 - below(prng, 2),
          instanceId,
        }),
      () => this.classic(memberId, epoch, owned),
      () => bench.send('OffsetCommit', commitBody(below(prng, 9), memberId, epoch), { version: 9 }),
      () => bench.send('DeleteGroups', { groupsNames: ['g'] }),
      () => bench.sleep(below(prng, 6_000)),
      () => bench.sleep(below(prng, 6_000)),
      () => this.trouble(),
    ];
    pick(prng, acts)();
  }

  private enter(memberId: string, instanceId: string | null): void {
    const body = enterBody(memberId, { instanceId, ...this.subscription() });
    this.bench.send('ConsumerGroupHeartbeat', body);
  }

  private subscription() {
    return pick(this.prng, [
      { subscribedTopicNames: ['t'], subscribedTopicRegex: null },
      { subscribedTopicNames: ['t', 'tt'], subscribedTopicRegex: null },
      { subscribedTopicNames: [], subscribedTopicRegex: pick(this.prng, ['t+', 't.*', '']) },
    ]);
  }

  /** A request of the classic protocol. */
  private classic(memberId: string, generation: number, owned: readonly number[]): void {
    const { bench, prng } = this;
    const ownedPartitions = [{ topic: 't', partitions: owned }];
    const subscription = { topics: ['t'], userData: null, ownedPartitions, generationId: 1, rackId: null };
    const protocols = [{ name: 'range', metadata: encodeSubscription(subscription) }];
    const groupInstanceId = chance(prng, HALF) ? null : 'i';
    const acts = [
      () => bench.send('JoinGroup', joinBody({ memberId, protocols, rebalanceTimeoutMs: 5_000 })),
      () => bench.send('JoinGroup', joinBody({ protocols, groupInstanceId })),
      () => bench.send('SyncGroup', syncBody(memberId, generation)),
      () => bench.send('Heartbeat', heartbeatBody(memberId, generation)),
      () =>
        bench.send('LeaveGroup', { groupId: 'g', members: [{ memberId, groupInstanceId, reason: null }] }),
    ];
    pick(prng, acts)();
  }

  private epochOf(memberId: string): number {
    const { bench } = this;
    const classic = bench.coordinator.shards.get(0)?.groups.get('g');
    return consumerGroup(bench)?.members.get(memberId)?.current.memberEpoch ?? classic?.generation ?? 0;
  }

  /** The log cannot be written, or not replicated, for a while; or the coordinator moves. */
  private trouble(): void {
    const { bench, prng } = this;
    bench.holdCommits = below(prng, 3) === 0;
    bench.appendError = below(prng, 4) === 0 ? ERROR_CODES.NOT_ENOUGH_REPLICAS : 0;
    bench.commit();
    if (below(prng, 4) === 0) this.moveCoordinator();
  }

  moveCoordinator(): void {
    this.bench.resign();
    this.bench.beginElection();
    this.bench.finishElection();
  }

  /** Partitions that members have or have yet to give up. */
  held(): string[] {
    const members = [...(consumerGroup(this.bench)?.members.values() ?? [])];
    return members.flatMap(({ current }) =>
      [...entriesOf(current.assigned), ...entriesOf(current.pendingRevocation)].map(
        ({ topicId, partition }) => `${topicId}-${partition}`,
      ),
    );
  }
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'no partition is ever two members’, nothing is forgotten, and polite members settle (seed %i)',
  (seed) => {
    const unruly = new UnrulyMembers(seed);
    const { bench } = unruly;
    for (let i = 0; i < STEPS; i++) {
      unruly.step();
      const held = unruly.held();
      expect(new Set(held).size).toBe(held.length);
    }
    bench.holdCommits = false;
    bench.appendError = 0;
    bench.commit();
    const before = bench.coordinator.shards.get(0)?.stored;
    unruly.moveCoordinator();
    expect(bench.coordinator.shards.get(0)?.stored).toEqual(before);
    bench.sleep(LONG_MS);
    expect(consumerGroup(bench)?.members.size ?? 0).toBe(0);
    const polite = ['p', 'q', 'r'].map((id) => new BenchConsumer(bench, id));
    for (let i = 0; i < 8; i++) {
      for (const member of polite) member.beat();
      bench.sleep(1_000);
    }
    const group = consumerGroup(bench);
    expect(group && stateOf(group)).toBe('Stable');
    expect(polite.map(({ owned }) => owned.length).sort()).toEqual([1, 2, 2]);
  },
);
