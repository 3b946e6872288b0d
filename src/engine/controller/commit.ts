import type { SimTime } from '../base/time.ts';
import { emptyDelta, type MetadataDelta } from '../metadata/metadata-delta.ts';
import { decodeMetadata, encodeMetadata } from '../metadata/metadata-log.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import { replay } from '../metadata/replay.ts';
import { offsetAt, type RecordBatch } from '../protocol/record-batch.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { ControllerMemory } from './controller-state.ts';
import type { Decision } from './decision.ts';
import { completeFetches } from './metadata-fetch.ts';
import { appendMetadata } from './metadata-log-file.ts';
import { partitionFacts } from './partition-facts.ts';
import { newSession } from './sessions.ts';

/**
 * Makes a decision true: the log first, then the state by replay, then everybody who waits for news. Its response may
 * be sent after that.
 */
export function commit(
  memory: ControllerMemory,
  context: NodeContext,
  { records, facts }: Pick<Decision<unknown>, 'records' | 'facts'>,
): void {
  const delta = emptyDelta();
  if (records.length > 0) {
    const baseOffset = memory.image.offset + 1;
    const place = { baseOffset, leaderEpoch: memory.leaderEpoch, timestamp: context.wallClockMs() };
    const batch = encodeMetadata(records, place);
    appendMetadata(context.disk, batch, context.now());
    replayBatch(memory, batch, delta);
  }
  for (const fact of facts) context.trace(fact);
  for (const fact of partitionFacts(delta)) context.trace(fact);
  if (records.length > 0) completeFetches(memory, context);
}

/** The only writer of the image, live and after a restart. */
export function replayBatch(memory: ControllerMemory, batch: RecordBatch, delta?: MetadataDelta): void {
  decodeMetadata(batch).forEach((record, index) => {
    const offset = offsetAt(batch, index);
    replaySession(memory, record, offset);
    replay(memory.image, record, offset, delta);
  });
}

/** What the log says about sessions. A new incarnation begins a new one; a fenced broker is not shutting down. */
function replaySession(memory: ControllerMemory, record: MetadataRecord, offset: number): void {
  if (record.type === 'RegisterBrokerRecord') {
    const session = memory.sessions.get(record.brokerId);
    const same = memory.image.brokers.get(record.brokerId)?.incarnationId === record.incarnationId;
    const begun = same && session !== undefined ? { ...session, registeredAt: offset } : newSession(offset);
    memory.sessions.set(record.brokerId, begun);
  } else if (record.type === 'UnregisterBrokerRecord') memory.sessions.delete(record.brokerId);
  else if (record.type === 'BrokerRegistrationChangeRecord' && record.fenced === true) {
    const session = memory.sessions.get(record.brokerId);
    if (session !== undefined) session.controlledShutdownOffset = -1;
  }
}

/** After a restart nobody knows when brokers were last heard of: the unfenced ones get a whole session. */
export function openSessions(memory: ControllerMemory, now: SimTime): void {
  for (const [brokerId, session] of memory.sessions) {
    if (memory.image.brokers.get(brokerId)?.fenced !== false) continue;
    session.open = true;
    session.lastContactAt = now;
  }
}
