import type { Entity, EntityId, RecordsDetail } from '../../engine/api/frame.ts';
import { LoomMemory, loomPicture } from './loom/loom.ts';
import type { Picture } from './picture/figure.ts';

/** What a picture is painted from; a stage's input is one. */
export interface PictureInput {
  readonly entities: ReadonlyMap<EntityId, Entity>;
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

  paint(input: PictureInput): Picture {
    return loomPicture(input, this.loom);
  }
}
