import type { Entity, EntityId, Packet, RecordsDetail } from '../../engine/api/frame.ts';
import { LanesPainter } from './lanes/lanes.ts';
import { LoomMemory, loomPicture } from './loom/loom.ts';
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

/** Paints the rung that is asked for, and remembers what pictures have in common. */
export class StagePainter {
  private readonly loom = new LoomMemory();
  private readonly lanes = new LanesPainter();

  paint(input: PictureInput): Picture {
    const phone = input.width < PHONE_WIDTH;
    if (input.rung === 'partition') return this.lanes.paint({ ...input, phone });
    return loomPicture({ ...input, turned: phone }, this.loom);
  }
}
