import type { TopicPartitionName } from '../api/ids.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import type { TraceEntry } from '../sim/node-context.ts';
import type { NotableMoment } from './run.ts';

/** After these another log may count as the partition's, or it is shorter than it was. */
const ASKED: readonly TraceEventData['type'][] = ['leader-elected', 'became-leader', 'log-truncated'];

/**
 * The loss of acknowledged records, at the event by which they are lost, or are there again. It is an outsider's remark:
 * no node knows it, and it is no part of the state.
 */
export function remarkLoss(
  { id, at, node, data }: TraceEntry,
  notable: readonly NotableMoment[],
  lostOf: (partition: TopicPartitionName) => number,
): TraceEntry | null {
  const event = data as TraceEventData;
  if (!ASKED.includes(event.type) || !('partition' in event)) return null;
  const { partition } = event;
  const lost = lostOf(partition);
  const before = toldLast(notable, partition);
  if (lost === before) return null;
  return Object.freeze({
    id: id + 0.5,
    at,
    node,
    cause: id,
    data: { type: 'records-lost', partition, lost, before },
  });
}

function toldLast(notable: readonly NotableMoment[], partition: TopicPartitionName): number {
  for (let i = notable.length - 1; i >= 0; i--) {
    const data = notable[i]?.entry.data as TraceEventData;
    if (data.type === 'records-lost' && data.partition === partition) return data.lost;
  }
  return 0;
}
