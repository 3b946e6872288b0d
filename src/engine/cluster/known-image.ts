import { CONTROLLER_NODE, type NodeId } from '../api/ids.ts';
import type { BrokerMemory } from '../broker/broker-memory.ts';
import type { ControllerMemory } from '../controller/controller-state.ts';
import { emptyImage, type MetadataImage } from '../metadata/metadata-image.ts';
import type { Kernel } from '../sim/kernel.ts';

const NO_IMAGE: MetadataImage = Object.freeze(emptyImage());

/** Metadata as the controller has it; while it is down, as the best informed of these brokers has it. Read only. */
export function knownImage(kernel: Kernel, brokers: readonly NodeId[]): MetadataImage {
  const memoryOf = (node: NodeId): unknown => kernel.state.nodes.get(node)?.memory;
  const controller = memoryOf(CONTROLLER_NODE) as ControllerMemory | undefined;
  if (controller !== undefined) return controller.image;
  return brokers
    .map((node) => (memoryOf(node) as BrokerMemory | undefined)?.image ?? NO_IMAGE)
    .reduce((best, image) => (image.offset > best.offset ? image : best), NO_IMAGE);
}
