import { expect, test, vi } from 'vitest';
import { below, prngStream, type PrngState } from '../../base/prng.ts';
import { clicks, clickstreamLab, foldOfClicks, outputCounts } from '../../testing/clickstream-lab.ts';
import type { StreamsCluster } from '../../testing/streams-cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

const RECORDS = 2_500;
const INSTANCES = ['app-1', 'app-2'];

/** One misfortune, or the end of one: of a broker (one at a time) or of an instance, by signal, kill or power loss. */
function strike(cluster: StreamsCluster, prng: PrngState): void {
  const { kernel } = cluster;
  const instance = INSTANCES[below(prng, 2)] ?? '';
  const dead = ['b1', 'b2', 'b3'].find((broker) => kernel.slot(broker).status === 'down');
  switch (below(prng, 4)) {
    case 0:
      kernel.stop(instance, { powerLoss: below(prng, 2) === 0 });
      return;
    case 1:
      kernel.signal(instance, { type: 'terminate' });
      return;
    case 2:
      kernel.start(instance);
      return;
    default:
      if (dead === undefined) kernel.stop(`b${1 + below(prng, 3)}`, { powerLoss: false });
      else kernel.start(dead);
      // The next broker may only die when this one is in sync again.
      cluster.runFor(3_000);
  }
}

function heal({ kernel }: StreamsCluster): void {
  for (const node of ['b1', 'b2', 'b3', ...INSTANCES]) kernel.start(node);
}

test.each([1, 2, 3, 4])(
  'whatever dies, every click is counted at least once and all tasks run in the end: seed %i',
  (seed) => {
    const cluster = clickstreamLab(seed, { 'session.timeout.ms': '6000' });
    const prng = prngStream(seed, 'misfortunes');
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 125 });
    for (let i = 0; i < 12; i++) {
      cluster.runFor(200 + below(prng, 2_500));
      strike(cluster, prng);
    }
    heal(cluster);
    cluster.runFor(60_000);
    heal(cluster);
    cluster.runFor(30_000);
    for (const node of INSTANCES) {
      const tasks = [...(cluster.instance(node)?.tasks.values() ?? [])];
      expect(tasks.map(({ status }) => status)).toEqual(Array(6).fill('running'));
    }
    const counted = outputCounts(cluster);
    const missing = [...foldOfClicks(RECORDS)].filter(([key, count]) => (counted.get(key) ?? 0) < count);
    expect(missing).toEqual([]);
  },
);
