import type { NodeId } from '../api/ids.ts';
import type { BrokerMemory } from '../broker/broker-memory.ts';
import type { ControllerMemory } from '../controller/controller-state.ts';
import { emptyImage, type MetadataImage } from '../metadata/metadata-image.ts';
import type { Kernel } from '../sim/kernel.ts';

const NO_IMAGE: MetadataImage = Object.freeze(emptyImage());

/** Metadata as the best informed of these machines has it; a controller goes before a broker that knows as much. Read only. */
export function knownImage(
  kernel: Kernel,
  controllers: readonly NodeId[],
  brokers: readonly NodeId[],
): MetadataImage {
  let best = NO_IMAGE;
  for (const node of controllers) best = better(best, memoryOf<ControllerMemory>(kernel, node)?.committed);
  for (const node of brokers) best = better(best, memoryOf<BrokerMemory>(kernel, node)?.image);
  return best;
}

const memoryOf = <T>(kernel: Kernel, node: NodeId): T | undefined =>
  kernel.state.nodes.get(node)?.memory as T | undefined;

const better = (best: MetadataImage, other: MetadataImage | undefined): MetadataImage =>
  other !== undefined && other.offset > best.offset ? other : best;
