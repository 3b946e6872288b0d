import { readerBarFigures, topicBarFigures } from './bars.ts';
import type { LaterParts } from './context.ts';
import { lensFigures } from './lenses.ts';
import { serviceFigures, turnedServiceFigures } from './outside.ts';
import { pickedFigures, pickPartition } from './picked.ts';

/** Comes with the laboratory. */
export const LATER_PARTS: LaterParts = {
  topic: topicBarFigures,
  reader: readerBarFigures,
  lenses: lensFigures,
  picked: pickedFigures,
  pick: pickPartition,
  service: serviceFigures,
  turnedService: turnedServiceFigures,
};
