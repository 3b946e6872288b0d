import type { RecordsDetail } from '../../engine/api/detail.ts';
import type { Entity, EntityId, Packet } from '../../engine/api/frame.ts';
import type { LaterParts } from './loom/context.ts';
import { LoomMemory, loomPicture, type LoomWays } from './loom/loom.ts';
import type { Picture } from './picture/figure.ts';

/** Below this width the picture is turned and its height is its own. */
export const PHONE_WIDTH = 560;

/** What a picture is painted from; a stage's input is one. */
export interface PictureInput {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly packets: readonly Packet[];
  readonly at: number;
  readonly selection: EntityId | null;
  readonly rung: 'partition' | 'topology';
  readonly focusPartition: EntityId | null;
  readonly records: RecordsDetail | null;
  readonly width: number;
  readonly height: number;
}

/** Paints one picture after the other, and remembers what they have in common. */
export interface Painter {
  paint(input: PictureInput): Picture;
}

/** Paints the topology, whatever rung is asked for: all that the first screen shows. */
export class TopologyPainter implements Painter {
  private readonly loom: LoomMemory;

  constructor(ways: LoomWays, later: LaterParts | null = null) {
    this.loom = new LoomMemory(ways, later);
  }

  paint(input: PictureInput): Picture {
    return loomPicture({ ...input, turned: input.width < PHONE_WIDTH }, this.loom);
  }
}
