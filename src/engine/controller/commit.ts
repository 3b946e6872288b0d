import { ensure } from '../base/assert.ts';
import { emptyDelta } from '../metadata/metadata-delta.ts';
import { decodeMetadata, encodeMetadata } from '../metadata/metadata-log.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import { replayBatch } from '../metadata/replay.ts';
import { offsetAt, type RecordBatch } from '../protocol/record-batch.ts';
import { readBatches } from '../raft/quorum-log.ts';
import { append } from '../raft/raft-node.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { Answer, ControllerMemory } from './controller-state.ts';
import type { Decision } from './decision.ts';
import { partitionFacts } from './partition-facts.ts';
import { newSession } from './sessions.ts';

/**
 * Makes a decision: the log first, then the state by replay, so that the next decision builds on it. The world hears of
 * it when the quorum has it (`QuorumController`).
 */
export function commit(
  memory: ControllerMemory,
  context: NodeContext,
  { records, facts }: Pick<Decision<unknown>, 'records' | 'facts'>,
): void {
  const delta = emptyDelta();
  if (records.length > 0) {
    const batch = write(memory, context, records);
    replaySessions(memory, batch);
    replayBatch(memory.image, batch, delta);
  }
  const all = [...facts, ...partitionFacts(delta)];
  if (all.length > 0) memory.deferred.push({ offset: memory.image.offset + 1, facts: all, answer: null });
}

/** An answer goes out after everything that was decided before it. */
export function answerCommitted(memory: ControllerMemory, answer: Answer): void {
  memory.deferred.push({ offset: memory.image.offset + 1, facts: [], answer });
}

function write(
  { raft, image, activeEpoch }: ControllerMemory,
  context: NodeContext,
  records: readonly MetadataRecord[],
): RecordBatch {
  const baseOffset = image.offset + 1;
  const place = { baseOffset, leaderEpoch: activeEpoch, timestamp: context.wallClockMs() };
  const end = append(raft, context, encodeMetadata(records, place));
  // Read back, so that all who decode it share one batch.
  const [batch] = readBatches(raft, context, { offset: baseOffset, maxBytes: 0, upTo: end });
  return ensure(batch, 'what was written');
}

/** What the log says about sessions. A new incarnation begins a new one; a fenced broker is not shutting down. */
function replaySessions({ sessions, image }: ControllerMemory, batch: RecordBatch): void {
  decodeMetadata(batch).forEach((record, index) => {
    if (record.type === 'RegisterBrokerRecord') {
      const offset = offsetAt(batch, index);
      const session = sessions.get(record.brokerId);
      const same = image.brokers.get(record.brokerId)?.incarnationId === record.incarnationId;
      const begun = same && session !== undefined ? { ...session, registeredAt: offset } : newSession(offset);
      sessions.set(record.brokerId, begun);
    } else if (record.type === 'UnregisterBrokerRecord') sessions.delete(record.brokerId);
    else if (record.type === 'BrokerRegistrationChangeRecord' && record.fenced === true) {
      const session = sessions.get(record.brokerId);
      if (session !== undefined) session.controlledShutdownOffset = -1;
    }
  });
}
