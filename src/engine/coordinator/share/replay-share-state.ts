import { combineBatches } from './state-batches.ts';
import type { ShareStateRecord, ShareStateValue } from './share-state-record.ts';
import { shareKeyText, type ShareGroupOffset, type ShareShard } from './share-state.ts';

const NOT_SAID = -1;

/** The only writer of what is durable: after every append, and when a new coordinator reads the log. */
export function replayShareState({ offsets }: ShareShard, { type, key, value }: ShareStateRecord): void {
  const text = shareKeyText(key);
  if (value === null) {
    offsets.delete(text);
    return;
  }
  const known = offsets.get(text);
  if (type === 'ShareSnapshot') offsets.set(text, Object.freeze({ ...value, updates: 0 }));
  else if (known !== undefined) offsets.set(text, updated(known, value));
}

const updated = (known: ShareGroupOffset, update: ShareStateValue): ShareGroupOffset =>
  Object.freeze({ ...merged(known, update), updates: known.updates + 1 });

/** What holds after an update. */
export function merged(known: ShareGroupOffset, update: ShareStateValue): ShareStateValue {
  const startOffset = update.startOffset === NOT_SAID ? known.startOffset : update.startOffset;
  const { deliveryCompleteCount } = update;
  return Object.freeze({
    snapshotEpoch: known.snapshotEpoch,
    stateEpoch: known.stateEpoch,
    leaderEpoch: update.leaderEpoch === NOT_SAID ? known.leaderEpoch : update.leaderEpoch,
    startOffset,
    deliveryCompleteCount:
      deliveryCompleteCount === NOT_SAID ? known.deliveryCompleteCount : deliveryCompleteCount,
    batches: combineBatches(known.batches, update.batches, startOffset),
  });
}
