import { InvariantError } from '../../../base/assert.ts';
import * as cache from '../../../log/leader-epoch-cache.ts';
import type { Adapter } from '../adapter.ts';
import { numberOf, onlyFields, UnsupportedError, type Json, type JsonObject } from '../case-file.ts';
import { opsOf, opNameOf } from './script.ts';

type Entries = cache.EpochEntries;

/** `LeaderEpochFileCache`: from which offset each leader wrote. */
export const leaderEpochCacheAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'ops'], 'given');
    let entries: Entries = cache.NO_EPOCHS;
    const results = opsOf(given).map((op): Json => {
      const changed = changeOf(entries, op);
      if (changed === undefined) return ask(entries, op);
      if ('error' in changed) return changed;
      entries = changed;
      return listed(entries);
    });
    comparison.compare(results, expect.results, 'results');
  },
};

const offsetOf = (op: JsonObject): number => numberOf(op.offset, 'offset');
const epochOf = (op: JsonObject): number => numberOf(op.epoch, 'epoch');

const listed = (entries: Entries): Json => ({
  entries: entries.map(({ epoch, startOffset }) => [epoch, startOffset]),
});

/** The cache after an op that changes it; undefined for one that asks. */
function changeOf(entries: Entries, op: JsonObject): Entries | { error: string } | undefined {
  switch (opNameOf(op)) {
    case 'assign':
      return refusable(() => cache.assignEpoch(entries, epochOf(op), offsetOf(op)));
    case 'truncateFromEnd':
      return cache.truncateEpochsFromEnd(entries, offsetOf(op));
    case 'truncateFromStart':
      return cache.truncateEpochsFromStart(entries, offsetOf(op));
    case 'clear':
      return cache.NO_EPOCHS;
    default:
      return undefined;
  }
}

/** A caller's mistake is a broken invariant here and an illegal argument there. */
function refusable(change: () => Entries): Entries | { error: string } {
  try {
    return change();
  } catch (error) {
    if (error instanceof InvariantError) return { error: 'IllegalArgumentException' };
    throw error;
  }
}

function ask(entries: Entries, op: JsonObject): Json {
  switch (opNameOf(op)) {
    case 'endOffsetFor':
      return { ...cache.endOffsetFor(entries, epochOf(op), numberOf(op.leo, 'leo')) };
    case 'epochForOffset':
      return { epoch: cache.epochForOffset(entries, offsetOf(op)) ?? null };
    case 'previousEpoch':
      return { epoch: cache.previousEpoch(entries, epochOf(op)) ?? null };
    case 'nextEpoch':
      return { epoch: cache.nextEpoch(entries, epochOf(op)) ?? null };
    case 'latest':
      return latestAndPrevious(entries);
    case 'entriesInRange':
      return listed(cache.epochsInRange(entries, numberOf(op.start, 'start'), numberOf(op.end, 'end')));
    default:
      throw new UnsupportedError(`op "${opNameOf(op)}"`);
  }
}

function latestAndPrevious(entries: Entries): Json {
  const latest = entries.at(-1)?.epoch;
  if (latest === undefined) return { epoch: null, previous: null };
  return { epoch: latest, previous: cache.previousEpoch(entries, latest) ?? null };
}
