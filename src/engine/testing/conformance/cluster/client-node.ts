import { ensure } from '../../../base/assert.ts';
import { brokerNode } from '../../../api/ids.ts';
import type { Bootstrap } from '../../../client/programs/bootstrap.ts';
import type { NodeId } from '../../../sim/event.ts';
import type { NodeContext } from '../../../sim/node-context.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';

/** Longer than any call of a client blocks. */
const WITHIN_MS = 300_000;

/** Brokers that answer now, which is whom a client is told of first. */
function bootstrapOf(cluster: BrokerCluster): Bootstrap {
  const up = cluster.brokerIds.filter((id) => cluster.isUp(id));
  const ids = up.length === 0 ? cluster.brokerIds : up;
  return Object.freeze(Object.fromEntries(ids.map((id) => [id, brokerNode(id)])));
}

/** One process with a client, in a script's hand. */
export class ClientNode<Memory> {
  readonly node: NodeId;
  private readonly cluster: BrokerCluster;

  /** Starts a process of this program. `config` gets the brokers to begin with. */
  constructor(cluster: BrokerCluster, program: string, name: string, config: object) {
    this.cluster = cluster;
    const lives = [...cluster.kernel.state.nodes.keys()].filter((id) => id.startsWith(`${name}:`)).length;
    this.node = `${name}:${lives + 1}`;
    cluster.kernel.addNode(
      this.node,
      program,
      Object.freeze({ ...config, bootstrap: bootstrapOf(cluster) }),
    );
    cluster.kernel.start(this.node);
  }

  /** Whether the process still runs. */
  get isUp(): boolean {
    return this.cluster.kernel.slot(this.node).status === 'up';
  }

  get memory(): Memory {
    return ensure(this.cluster.kernel.slot(this.node).memory as Memory | undefined, 'a process that runs');
  }

  get context(): NodeContext {
    return this.cluster.kernel.context(this.node);
  }

  /** Lets the cluster go on until something is so in the process, or the process is gone. */
  await(what: string, isSo: (memory: Memory) => boolean, withinMs = WITHIN_MS): void {
    this.cluster.runUntilTrue(what, () => !this.isUp || isSo(this.memory), withinMs);
  }

  /** The process dies. */
  vanish(): void {
    this.cluster.kernel.stop(this.node, { powerLoss: false });
  }
}
