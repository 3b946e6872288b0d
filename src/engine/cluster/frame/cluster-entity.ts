import type { ClusterEntity, Entity, Ledger } from '../../api/frame.ts';
import type { PartitionEntity } from '../../api/entities/partition.ts';
import { brokerNode } from '../../api/ids.ts';
import type { World } from '../world.ts';

/** The whole, in sums over the other entities of the frame. */
export function clusterEntity(world: World, entities: readonly Entity[], ledger: Ledger): ClusterEntity {
  const { scenario } = world;
  const partitions = entities.filter((entity): entity is PartitionEntity => entity.kind === 'partition');
  return {
    kind: 'cluster',
    id: 'cluster',
    scenario: scenario.name,
    seed: scenario.seed,
    brokersUp: scenario.brokers.filter(({ id }) => world.slot(brokerNode(id)).status === 'up').length,
    brokers: scenario.brokers.length,
    underReplicated: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
    offline: partitions.filter(({ leader }) => leader < 0).length,
    ledger,
  };
}
