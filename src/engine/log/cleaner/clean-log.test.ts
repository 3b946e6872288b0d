import { describe, expect, test } from 'vitest';
import { below, prngStream, type PrngState } from '../../base/prng.ts';
import { millis } from '../../base/time.ts';
import { batchOf, offsetAt, type RecordBatch } from '../../protocol/record-batch.ts';
import { emptyDisk } from '../../sim/disk.ts';
import { appendAsLeader } from '../append.ts';
import { openLog } from '../recovery.ts';
import {
  recordsOf,
  rollLog,
  updateHighWatermark,
  type LogConfig,
  type LogContext,
} from '../partition-log.ts';
import { cleanableOf } from './cleanable.ts';
import { cleanLog } from './clean-log.ts';

const CONFIG: LogConfig = {
  'cleanup.policy': ['compact'],
  'min.cleanable.dirty.ratio': 0,
  'min.compaction.lag.ms': 0,
  'max.compaction.lag.ms': Number.MAX_SAFE_INTEGER,
  'delete.retention.ms': 500,
  'retention.ms': -1,
  'retention.bytes': -1,
  'segment.bytes': 400,
  'segment.ms': Number.MAX_SAFE_INTEGER,
  'max.message.bytes': 1_000_000,
  'compression.type': 'producer',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.after.max.ms': 3_600_000,
  'message.timestamp.before.max.ms': Number.MAX_SAFE_INTEGER,
};

type Newest = Map<string, { readonly offset: number; readonly value: string | null }>;

function randomBatch(prng: PrngState, nowMs: number): RecordBatch {
  return batchOf(
    Array.from({ length: 1 + below(prng, 4) }, () => ({
      key: `k${below(prng, 8)}`,
      value: below(prng, 4) === 0 ? null : `v${below(prng, 1_000)}`,
      timestamp: nowMs,
    })),
  );
}

const recordsIn = (
  batches: Iterable<unknown>,
): (readonly [offset: number, key: string, value: string | null])[] =>
  [...batches].flatMap((entry) => {
    const batch = entry as RecordBatch;
    return batch.records.keys.map(
      (key, i) => [offsetAt(batch, i), key ?? '', batch.records.values[i] ?? null] as const,
    );
  });

describe('cleaning', () => {
  test.each(Array.from({ length: 20 }, (_, i) => i + 1))(
    'keeps the newest value of every key at its offset, and a log that opens again as it was: seed %i',
    (seed) => {
      const prng = prngStream(seed, 'cleaning');
      let nowMs = 1_000_000;
      const context: LogContext = { disk: emptyDisk(), now: () => millis(nowMs), wallClockMs: () => nowMs };
      const open = { partition: 't-0', config: CONFIG, logStartOffset: 0 };
      let log = openLog(context, { ...open, highWatermark: 0 });
      const written: Newest = new Map();
      for (let step = 0; step < 200; step++) {
        nowMs += below(prng, 60);
        const batch = randomBatch(prng, nowMs);
        const base = log.logEndOffset;
        expect(appendAsLeader(log, context, batch, { leaderEpoch: 0, origin: 'client' }).ok).toBe(true);
        for (const [offset, key, value] of recordsIn([{ ...batch, baseOffset: base }]))
          written.set(key, { offset, value });
        updateHighWatermark(log, context, log.logEndOffset);
        if (below(prng, 12) > 0) continue;
        rollLog(log, context);
        const cleanable = cleanableOf(log, context);
        if (cleanable.cleanableBytes === 0) continue;
        const mapCapacity = 2 + below(prng, 10);
        cleanLog(log, context, { ...cleanable, mapCapacity, nowMs });
        const before = structuredClone({ segments: log.segments, end: log.logEndOffset });
        log = openLog(context, { ...open, highWatermark: log.highWatermark });
        for (const segment of [...before.segments, ...log.segments]) segment.createdMs = 0;
        expect({ segments: log.segments, end: log.logEndOffset }).toEqual(before);
      }
      rollLog(log, context);
      cleanLog(log, context, { ...cleanableOf(log, context), mapCapacity: 100, nowMs });
      const kept = recordsIn(recordsOf(log, context).entries);
      expect(kept.map(([offset]) => offset)).toEqual(kept.map(([offset]) => offset).sort((a, b) => a - b));
      expect(new Set(kept.map(([, key]) => key)).size).toBe(kept.length);
      for (const [key, { offset, value }] of written)
        if (value !== null) expect(kept).toContainEqual([offset, key, value]);
      for (const [offset, key, value] of kept)
        expect(offset <= (written.get(key)?.offset ?? -1), `${key} ${offset} ${value ?? 'null'}`).toBe(true);
    },
  );
});
