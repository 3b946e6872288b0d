import type { TraceEventData } from '../api/trace-event.ts';
import { assert } from '../base/assert.ts';
import { fork } from '../base/fork.ts';
import { emptyImage } from '../metadata/metadata-image.ts';
import { replayBatches } from '../metadata/replay.ts';
import { readBatches } from '../raft/quorum-log.ts';
import type { Raft } from '../raft/raft-state.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { bootstrapRecords } from './bootstrap-records.ts';
import { commit } from './commit.ts';
import type { ControllerMemory } from './controller-state.ts';
import { startPeriodicTasks, stopPeriodicTasks } from './periodic-tasks.ts';
import { respond, respondNotController } from './respond.ts';
import { openSessions } from './sessions.ts';
import { loadSnapshot, takeSnapshot } from './snapshots.ts';

/**
 * Catches up with what this event did to the quorum: a controller that leads no longer gives up, what has become
 * committed is applied, one that leads for good becomes active, and the world hears what is committed.
 */
export function followQuorum(memory: ControllerMemory, context: NodeContext): void {
  const { raft, activeEpoch } = memory;
  if (activeEpoch >= 0 && (raft.role !== 'leader' || raft.epoch !== activeEpoch)) renounce(memory, context);
  applyCommitted(memory, context);
  if (memory.activeEpoch < 0 && leadsForGood(raft)) {
    claim(memory, context);
    applyCommitted(memory, context);
  }
  settle(memory, context);
}

/** Its own first record is committed, so it has everything that ever was. */
const leadsForGood = ({ role, leader }: Raft): boolean => role === 'leader' && leader?.highWatermark != null;

function applyCommitted(memory: ControllerMemory, context: NodeContext): void {
  const { raft, committed } = memory;
  if (committed.offset + 1 < raft.log.logStartOffset) loadSnapshot(memory, context);
  while (committed.offset + 1 < raft.highWatermark) {
    const offset = committed.offset + 1;
    const batches = readBatches(raft, context, { offset, maxBytes: Infinity, upTo: raft.highWatermark });
    assert(batches.length > 0, 'what is committed can be read', { offset });
    replayBatches(committed, batches);
    for (const { sizeInBytes } of batches) memory.bytesSinceSnapshot += sizeInBytes;
  }
  const limit = memory.config['metadata.log.max.record.bytes.between.snapshots'];
  if (memory.bytesSinceSnapshot >= limit) takeSnapshot(memory, context);
}

/** From here on this controller decides (`QuorumController.claim`). Nobody has told it when brokers were last heard of. */
function claim(memory: ControllerMemory, context: NodeContext): void {
  const { raft, committed } = memory;
  memory.activeEpoch = raft.epoch;
  memory.image = fork(committed);
  openSessions(memory, context.now());
  startPeriodicTasks(memory, context);
  const elected: TraceEventData = { type: 'controller-elected', epoch: raft.epoch };
  context.trace(elected);
  if (committed.features.size === 0)
    commit(memory, context, { records: bootstrapRecords(memory), facts: [] });
}

/** Another leads, or may lead: what is not committed may never be, so whoever waits for it has to ask again. */
function renounce(memory: ControllerMemory, context: NodeContext): void {
  memory.activeEpoch = -1;
  memory.image = emptyImage();
  memory.sessions.clear();
  stopPeriodicTasks(context);
  for (const { answer } of memory.deferred) if (answer !== null) respondNotController(context, answer);
  memory.deferred = [];
}

function settle(memory: ControllerMemory, context: NodeContext): void {
  const { deferred, raft } = memory;
  const open = deferred.findIndex(({ offset }) => offset > raft.highWatermark);
  const done = deferred.splice(0, open < 0 ? deferred.length : open);
  for (const { facts, answer } of done) {
    for (const fact of facts) context.trace(fact);
    if (answer !== null) respond(context, answer, answer.body);
  }
}
