import type { StateBatch } from '../../protocol/share-group-state.ts';

/**
 * What holds when newer batches come over older ones (`PersisterStateBatchCombiner`): the newer say what became of their
 * offsets, what lies before the start is forgotten, and neighbours of one state become one. Ascending.
 */
export function combineBatches(
  older: readonly StateBatch[],
  newer: readonly StateBatch[],
  startOffset: number,
): readonly StateBatch[] {
  let combined: readonly StateBatch[] = older;
  for (const batch of newer) combined = [...combined.flatMap((known) => without(known, batch)), batch];
  const kept = combined
    .filter(({ lastOffset }) => lastOffset >= startOffset)
    .map((batch) =>
      batch.firstOffset < startOffset ? Object.freeze({ ...batch, firstOffset: startOffset }) : batch,
    )
    .sort((a, b) => a.firstOffset - b.firstOffset);
  return Object.freeze(joinNeighbours(kept));
}

/** What is left of a batch beside another. */
function without(batch: StateBatch, other: StateBatch): StateBatch[] {
  if (batch.lastOffset < other.firstOffset || batch.firstOffset > other.lastOffset) return [batch];
  const before = { ...batch, lastOffset: other.firstOffset - 1 };
  const after = { ...batch, firstOffset: other.lastOffset + 1 };
  return [before, after]
    .filter(({ firstOffset, lastOffset }) => firstOffset <= lastOffset)
    .map((part) => Object.freeze(part));
}

function joinNeighbours(batches: readonly StateBatch[]): StateBatch[] {
  const joined: StateBatch[] = [];
  for (const batch of batches) {
    const last = joined.at(-1);
    const continues =
      last !== undefined &&
      last.lastOffset + 1 === batch.firstOffset &&
      last.deliveryState === batch.deliveryState &&
      last.deliveryCount === batch.deliveryCount;
    if (continues) joined[joined.length - 1] = Object.freeze({ ...last, lastOffset: batch.lastOffset });
    else joined.push(batch);
  }
  return joined;
}
