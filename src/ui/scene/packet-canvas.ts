import type { Picture } from '../view-model/picture/figure.ts';
import type { StageInput } from './stage-input.ts';

/** Envelopes on their way, over the picture. */
export class PacketCanvas {
  readonly element = document.createElement('canvas');

  show(_input: StageInput, _picture: Picture): void {
    this.element.hidden = true;
  }

  destroy(): void {
    this.element.remove();
  }
}
