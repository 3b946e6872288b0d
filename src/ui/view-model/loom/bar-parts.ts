import { readerBarFigures, topicBarFigures } from './bars.ts';
import type { BarParts } from './loom.ts';
import { lensFigures } from './lenses.ts';
import { pickedFigures, pickPartition } from './picked.ts';

/** How more rows are drawn than can be drawn in full. */
export const BAR_PARTS: BarParts = {
  topic: topicBarFigures,
  reader: readerBarFigures,
  lenses: lensFigures,
  picked: pickedFigures,
  pick: pickPartition,
};
