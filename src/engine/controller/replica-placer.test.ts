import { expect, test } from 'vitest';
import { below, prngStream } from '../base/prng.ts';
import { placeReplicas, type UsableBroker } from './replica-placer.ts';

const RACKS = ['a', 'b', 'c'];
const BROKERS: readonly UsableBroker[] = [1, 2, 3, 4, 5, 6].map((id) => ({
  id,
  rack: RACKS[id % 3] ?? null,
  fenced: id === 6,
}));

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'seed %i: every partition has a replica in each rack, and a living leader; leaders are spread',
  (seed) => {
    const prng = prngStream(seed, 'placer');
    const placed = placeReplicas({ brokers: BROKERS, partitions: 15, replicationFactor: 3 }, (bound) =>
      below(prng, bound),
    );
    if (!placed.ok) throw new Error(placed.error);
    const led = new Map<number, number>();
    for (const replicas of placed.value) {
      expect(new Set(replicas.map((id) => id % 3)).size).toBe(3);
      const leader = replicas[0] ?? 0;
      expect(leader).not.toBe(6);
      led.set(leader, (led.get(leader) ?? 0) + 1);
    }
    expect(led.size).toBe(5);
  },
);
