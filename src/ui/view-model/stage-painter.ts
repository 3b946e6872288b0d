import { LanesPainter } from './lanes/lanes.ts';
import { acrossPicture } from './loom/across.ts';
import { LATER_PARTS } from './loom/later-parts.ts';
import { turnedPicture } from './loom/turned.ts';
import type { Picture } from './picture/figure.ts';
import { PHONE_WIDTH, TopologyPainter, type Painter, type PictureInput } from './stage-picture.ts';

/** Paints the rung that is asked for. */
export class StagePainter implements Painter {
  private readonly topology = new TopologyPainter(
    { across: acrossPicture, turned: turnedPicture },
    LATER_PARTS,
  );
  private readonly lanes = new LanesPainter();

  paint(input: PictureInput): Picture {
    if (input.rung === 'topology') return this.topology.paint(input);
    return this.lanes.paint({ ...input, phone: input.width < PHONE_WIDTH });
  }
}
