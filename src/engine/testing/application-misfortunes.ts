import { below, type PrngState } from '../base/prng.ts';
import type { StreamsCluster } from './streams-cluster.ts';

const BROKERS = ['b1', 'b2', 'b3'];
export const INSTANCES = ['app-1', 'app-2'];

/** Twelve misfortunes, then rest: everything is started, twice, because a join that failed takes its time. */
export function suffer(cluster: StreamsCluster, prng: PrngState): void {
  for (let i = 0; i < 12; i++) {
    cluster.runFor(200 + below(prng, 2_500));
    strike(cluster, prng);
  }
  heal(cluster);
  cluster.runFor(60_000);
  heal(cluster);
  cluster.runFor(30_000);
}

/**
 * One misfortune, or the end of one: of an instance, by signal, kill, loss of power or a long pause, or of a broker, one at
 * a time.
 */
function strike(cluster: StreamsCluster, prng: PrngState): void {
  const { kernel } = cluster;
  const instance = INSTANCES[below(prng, 2)] ?? '';
  switch (below(prng, 6)) {
    case 0:
      kernel.stop(instance, { powerLoss: below(prng, 2) === 0 });
      return;
    case 1:
      kernel.signal(instance, { type: 'terminate' });
      return;
    case 2:
      kernel.pause(instance);
      return;
    case 3:
      kernel.resume(instance);
      return;
    case 4:
      kernel.start(instance);
      return;
    default:
      strikeBroker(cluster, prng);
  }
}

/** The next broker may only die when the last one is in sync again. */
function strikeBroker(cluster: StreamsCluster, prng: PrngState): void {
  const { kernel } = cluster;
  const dead = BROKERS.find((broker) => kernel.slot(broker).status === 'down');
  if (dead === undefined) kernel.stop(BROKERS[below(prng, 3)] ?? '', { powerLoss: false });
  else kernel.start(dead);
  cluster.runFor(3_000);
}

function heal({ kernel }: StreamsCluster): void {
  for (const node of INSTANCES) kernel.resume(node);
  for (const node of [...BROKERS, ...INSTANCES]) kernel.start(node);
}

/** How each task of an instance stands. */
export const taskStates = (cluster: StreamsCluster, node: string): string[] =>
  cluster.tasks(node).map(({ status }) => status);
