import { LanesPainter } from './lanes/lanes.ts';
import { BAR_PARTS } from './loom/bar-parts.ts';
import type { Picture } from './picture/figure.ts';
import { PHONE_WIDTH, TopologyPainter, type Painter, type PictureInput } from './stage-picture.ts';

/** Paints the rung that is asked for. */
export class StagePainter implements Painter {
  private readonly topology = new TopologyPainter(BAR_PARTS);
  private readonly lanes = new LanesPainter();

  paint(input: PictureInput): Picture {
    if (input.rung === 'topology') return this.topology.paint(input);
    return this.lanes.paint({ ...input, phone: input.width < PHONE_WIDTH });
  }
}
