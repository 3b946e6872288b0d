import { describe, expect, test } from 'vitest';
import { fork } from '../base/fork.ts';
import { below, prngStream, type PrngState } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import { batchOf, endTransactionMarker } from '../protocol/record-batch.ts';
import { emptyDisk, type DiskState } from '../sim/disk.ts';
import { losePower } from '../sim/disk-loss.ts';
import { appendAsFollower, appendAsLeader } from './append.ts';
import { readSnapshots } from './log-files.ts';
import {
  rollLog,
  updateHighWatermark,
  type LogConfig,
  type LogContext,
  type PartitionLog,
} from './partition-log.ts';
import { readLog } from './read.ts';
import { closeLog, openLog } from './recovery.ts';
import { deleteOldSegments, incrementLogStart } from './retention.ts';
import { truncateTo } from './truncate.ts';

const CONFIG: LogConfig = {
  'cleanup.policy': ['delete'],
  'min.cleanable.dirty.ratio': 0.5,
  'min.compaction.lag.ms': 0,
  'max.compaction.lag.ms': Number.MAX_SAFE_INTEGER,
  'delete.retention.ms': 86_400_000,
  'retention.ms': 10_000,
  'retention.bytes': -1,
  'segment.bytes': 400,
  'segment.ms': 60_000,
  'max.message.bytes': 1_000,
  'compression.type': 'producer',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.after.max.ms': 3_600_000,
  'message.timestamp.before.max.ms': Number.MAX_SAFE_INTEGER,
};

const PARTITION = 'orders-0';

interface Node {
  disk: DiskState;
  nowMs: number;
  context: LogContext;
}

function newNode(): Node {
  const node: Node = { disk: emptyDisk(), nowMs: 1_000_000, context: undefined as never };
  node.context = {
    get disk() {
      return node.disk;
    },
    now: () => millis(node.nowMs),
    wallClockMs: () => node.nowMs,
  };
  return node;
}

const open = (node: Node): PartitionLog =>
  openLog(node.context, { partition: PARTITION, config: CONFIG, logStartOffset: 0, highWatermark: 0 });

function append(log: PartitionLog, node: Node, sequence: number, leaderEpoch = 0): void {
  const records = [{ key: 'k', value: `v${sequence}`, timestamp: node.nowMs }];
  const batch = batchOf(records, { producerId: 7, producerEpoch: 0, baseSequence: sequence });
  const outcome = appendAsLeader(log, node.context, batch, { leaderEpoch, origin: 'client' });
  expect(outcome.ok).toBe(true);
}

/** What a reader can tell of a log. */
const facts = (log: PartitionLog, node: Node) => ({
  start: log.logStartOffset,
  end: log.logEndOffset,
  segments: log.segments.map((segment) => ({ ...segment, createdMs: 0 })),
  epochs: log.epochs,
  aborted: log.aborted,
  batches: log.segments.flatMap(
    ({ baseOffset }) =>
      readLog(log, node.context, {
        offset: Math.max(baseOffset, log.logStartOffset),
        maxBytes: 1_000_000,
        upTo: log.logEndOffset,
        minOneMessage: true,
      }).batches,
  ),
});

/** One random thing that happens to a log. */
function act(log: PartitionLog, node: Node, prng: PrngState, sequence: { next: number }): void {
  const choice = below(prng, 20);
  node.nowMs += below(prng, 700);
  if (choice < 13) append(log, node, sequence.next++, Math.floor(log.logEndOffset / 20));
  else if (choice < 15) updateHighWatermark(log, node.context, log.logEndOffset - below(prng, 3));
  else if (choice === 15) rollLog(log, node.context);
  else if (choice === 16) deleteOldSegments(log, node.context);
  else if (choice === 17) incrementLogStart(log, node.context, log.logStartOffset + below(prng, 3));
  else if (log.highWatermark < log.logEndOffset) {
    truncateTo(log, node.context, log.highWatermark);
    sequence.next = (log.producers.producers.get(7)?.batches.at(-1)?.lastSequence ?? -1) + 1;
  }
}

describe('a partition log', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('is found again after a crash (seed %i)', (seed) => {
    const node = newNode();
    const prng = prngStream(seed, 'acts');
    const log = open(node);
    const sequence = { next: 0 };
    for (let i = 0; i < 300; i++) {
      act(log, node, prng, sequence);
      if (i % 50 !== 49) continue;
      const copy = { ...node, disk: fork(node.disk) };
      copy.context = { ...node.context, disk: copy.disk };
      const found = openLog(copy.context, {
        partition: PARTITION,
        config: CONFIG,
        logStartOffset: log.logStartOffset,
        highWatermark: log.highWatermark,
      });
      expect(facts(found, copy)).toEqual(facts(log, node));
      const known = found.producers.producers.get(7)?.batches.at(-1);
      expect(known).toEqual(log.producers.producers.get(7)?.batches.at(-1));
    }
    expect(log.logEndOffset).toBeGreaterThan(50);
  });

  test('loses what was not flushed when the power goes, and no more', () => {
    const node = newNode();
    const log = open(node);
    append(log, node, 0, 1);
    append(log, node, 1, 1);
    rollLog(log, node.context);
    append(log, node, 2, 2);
    append(log, node, 3, 3);
    losePower(node.disk, node.context.now());
    const found = open(node);
    expect(found.logEndOffset).toBe(2);
    expect(found.epochs).toEqual([{ epoch: 1, startOffset: 0 }]);
    expect(found.producers.producers.get(7)?.batches.map((batch) => batch.lastSequence)).toEqual([1]);
  });

  test('remembers only the newest batch of a producer across an orderly stop, and so no older retry', () => {
    const node = newNode();
    const log = open(node);
    for (let sequence = 0; sequence < 3; sequence++) append(log, node, sequence);
    closeLog(log, node.context);
    losePower(node.disk, node.context.now());
    const found = open(node);
    expect(found.logEndOffset).toBe(3);
    expect(readSnapshots(node.disk, PARTITION).map((snapshot) => snapshot.offset)).toEqual([3]);
    const retry = (sequence: number) =>
      appendAsLeader(
        found,
        node.context,
        batchOf([{ key: null, value: null, timestamp: 0 }], {
          producerId: 7,
          producerEpoch: 0,
          baseSequence: sequence,
        }),
        { leaderEpoch: 0, origin: 'client' },
      );
    expect(retry(2)).toMatchObject({ ok: true, value: { isDuplicate: true, firstOffset: 2 } });
    expect(retry(1)).toMatchObject({ ok: false });
  });

  test('shares its batches with followers and forks, which then go their own way', () => {
    const leader = newNode();
    const log = open(leader);
    append(log, leader, 0);
    const [batch] = facts(log, leader).batches;
    if (batch === undefined) throw new Error('no batch');
    const follower = newNode();
    const copy = open(follower);
    appendAsFollower(copy, follower.context, batch);
    expect(facts(copy, follower).batches[0]).toBe(batch);

    const later = fork({ log, disk: leader.disk });
    append(log, leader, 1);
    const node = { ...leader, disk: later.disk, context: { ...leader.context, disk: later.disk } };
    expect(facts(later.log, node).batches).toEqual([batch]);
    expect(facts(later.log, node).batches[0]).toBe(batch);
    expect(() => appendAsFollower(copy, follower.context, batch)).toThrow('unexpected offset');
  });

  test('a follower takes no batch that its segments have no room for, but its epoch', () => {
    const leader = newNode();
    const log = open(leader);
    append(log, leader, 0);
    const [batch] = facts(log, leader).batches;
    if (batch === undefined) throw new Error('no batch');
    const follower = newNode();
    const copy = open(follower);
    copy.config = { ...copy.config, 'segment.bytes': batch.sizeInBytes - 1 };
    expect(appendAsFollower(copy, follower.context, batch)).toBe(ERROR_CODES.RECORD_LIST_TOO_LARGE);
    expect([copy.logEndOffset, copy.epochs]).toEqual([
      0,
      [{ epoch: batch.partitionLeaderEpoch, startOffset: 0 }],
    ]);
    copy.config = { ...copy.config, 'segment.bytes': batch.sizeInBytes };
    expect(appendAsFollower(copy, follower.context, batch)).toBe(0);
  });
});

test('a log that is opened again knows what was aborted, but not of what went with the power', () => {
  const node = newNode();
  const log = open(node);
  const write = (producerId: number): void => {
    const records = [{ key: 'k', value: 'v', timestamp: node.nowMs }];
    const place = { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true };
    appendAsLeader(log, node.context, batchOf(records, place), { leaderEpoch: 0, origin: 'client' });
    const control = { type: 'ABORT', coordinatorEpoch: 0 } as const;
    const marker = endTransactionMarker(control, { producerId, producerEpoch: 0, timestamp: node.nowMs });
    appendAsLeader(log, node.context, marker, { leaderEpoch: 0, origin: 'coordinator' });
  };
  write(7);
  closeLog(log, node.context);
  const lasting = open(node).aborted;
  expect(lasting).toMatchObject([{ producerId: 7, firstOffset: 0, lastOffset: 1 }]);
  write(8);
  expect(log.aborted).toHaveLength(2);
  losePower(node.disk, millis(node.nowMs));
  expect(open(node).aborted).toEqual(lasting);
});
