import { err, ok, type Result } from '../base/result.ts';

/** A broker that may hold replicas. */
export interface UsableBroker {
  readonly id: number;
  readonly rack: string | null;
  readonly fenced: boolean;
}

export interface Placement {
  readonly brokers: readonly UsableBroker[];
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** A random integer in [0, bound). */
export type Draw = (bound: number) => number;

/** Brokers taken round robin: each round begins one further. */
interface Ring {
  ids: number[];
  offset: number;
  round: number;
  taken: number;
}

interface Rack {
  readonly name: string | null;
  readonly unfenced: Ring;
  readonly fenced: Ring;
}

/** Racks taken round robin; a round places one partition. */
interface Stripes {
  racks: Rack[];
  offset: number;
  round: number;
  readonly unfencedCount: number;
}

/**
 * Spreads replicas over racks first and brokers second, each partition beginning one rack and one broker further than
 * the last; leaders only on unfenced brokers (Kafka's `StripedReplicaPlacer`). One list of broker ids per partition, or
 * one sentence that says why not.
 */
export function placeReplicas(placement: Placement, draw: Draw): Result<number[][], string> {
  const { brokers, partitions, replicationFactor } = placement;
  const problem = impossible(brokers, replicationFactor);
  if (problem !== undefined) return err(problem);
  const stripes = stripesOf(brokers, draw);
  const assignments: number[][] = [];
  for (let i = 0; i < partitions; i++) assignments.push(placeOne(stripes, replicationFactor, draw));
  return ok(assignments);
}

function impossible(brokers: readonly UsableBroker[], replicationFactor: number): string | undefined {
  if (replicationFactor <= 0)
    return `Invalid replication factor ${replicationFactor}: the replication factor must be positive.`;
  if (brokers.every((broker) => broker.fenced))
    return 'All brokers are currently fenced, or have all their log directories cordoned.';
  if (replicationFactor > brokers.length)
    return (
      `The target replication factor of ${replicationFactor} cannot be reached because only ${brokers.length} ` +
      'broker(s) are registered or some brokers have all their log directories cordoned.'
    );
  return undefined;
}

function stripesOf(brokers: readonly UsableBroker[], draw: Draw): Stripes {
  const names = [...new Set(brokers.map((broker) => broker.rack))].sort(byName);
  const racks = names.map((name) => {
    const here = brokers.filter((broker) => broker.rack === name);
    const fenced = ringOf(
      here.filter((broker) => broker.fenced),
      draw,
    );
    return {
      name,
      fenced,
      unfenced: ringOf(
        here.filter((broker) => !broker.fenced),
        draw,
      ),
    };
  });
  const unfencedCount = brokers.filter((broker) => !broker.fenced).length;
  return { racks, offset: draw(racks.length), round: 0, unfencedCount };
}

/** Brokers without a rack come first. */
function byName(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return a === null || (b !== null && a < b) ? -1 : 1;
}

function ringOf(brokers: readonly UsableBroker[], draw: Draw): Ring {
  const ids = brokers.map((broker) => broker.id).sort((a, b) => a - b);
  return { ids, offset: ids.length === 0 ? 0 : draw(ids.length), round: 0, taken: 0 };
}

function placeOne(stripes: Stripes, replicationFactor: number, draw: Draw): number[] {
  // After as many partitions as there are unfenced brokers the stripes would repeat.
  if (stripes.round === stripes.unfencedCount && stripes.unfencedCount > 1) reshuffle(stripes, draw);
  const { racks } = stripes;
  stripes.offset %= racks.length;
  let leaderRack = stripes.offset;
  let leader = takeUnfenced(stripes, leaderRack);
  while (leader === undefined) {
    leaderRack = (leaderRack + 1) % racks.length;
    leader = takeUnfenced(stripes, leaderRack);
  }
  const replicas = [leader, ...takeFollowers(stripes, leaderRack, replicationFactor - 1)];
  stripes.round += 1;
  stripes.offset += 1;
  return replicas;
}

/** One after the other from each rack; the rack that gave the leader is passed over once. */
function takeFollowers(stripes: Stripes, leaderRack: number, count: number): number[] {
  const followers: number[] = [];
  let passOver = true;
  for (let rack = stripes.offset; followers.length < count; rack = (rack + 1) % stripes.racks.length) {
    if (passOver && rack === leaderRack) {
      passOver = false;
      continue;
    }
    const id = takeUnfenced(stripes, rack) ?? takeFenced(stripes, rack);
    if (id !== undefined) followers.push(id);
  }
  return followers;
}

const takeUnfenced = (stripes: Stripes, rack: number): number | undefined =>
  take(stripes.racks[rack]?.unfenced, stripes.round);

const takeFenced = (stripes: Stripes, rack: number): number | undefined =>
  take(stripes.racks[rack]?.fenced, stripes.round);

function take(ring: Ring | undefined, round: number): number | undefined {
  if (ring === undefined || ring.ids.length === 0) return undefined;
  if (ring.round !== round) {
    ring.round = round;
    ring.taken = 0;
    ring.offset = (ring.offset + 1) % ring.ids.length;
  }
  if (ring.taken >= ring.ids.length) return undefined;
  const id = ring.ids[(ring.taken + ring.offset) % ring.ids.length];
  ring.taken += 1;
  return id;
}

function reshuffle(stripes: Stripes, draw: Draw): void {
  stripes.racks = shuffled(stripes.racks, draw);
  for (const rack of stripes.racks) {
    rack.fenced.ids = shuffled(rack.fenced.ids, draw);
    rack.unfenced.ids = shuffled(rack.unfenced.ids, draw);
  }
  stripes.round = 0;
}

/** Fisher–Yates from the end, as `Collections.shuffle` draws it. */
function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  const copy = items.slice();
  for (let i = copy.length - 1; i > 0; i--) {
    const other = draw(i + 1);
    const item = copy[i] as T;
    copy[i] = copy[other] as T;
    copy[other] = item;
  }
  return copy;
}
