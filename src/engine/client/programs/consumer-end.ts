import type { TraceEventData } from '../../api/trace-event.ts';
import { errorName } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { ConsumerNotice } from '../consumer/consumer-state.ts';

type Thrown = Extract<ConsumerNotice, { readonly type: 'fatal' | 'no-offset' | 'log-truncated' }>;

/** An application that does not handle what poll() throws ends. */
export function endOver(context: NodeContext, notice: Thrown): void {
  const data: TraceEventData = { type: 'client-failed', error: wordsOf(notice) };
  context.trace(data);
  context.exit();
}

function wordsOf(notice: Thrown): string {
  if (notice.type === 'fatal') return errorName(notice.error);
  return notice.type === 'no-offset'
    ? `no committed offset for ${notice.partitions.join(', ')} and no reset policy`
    : `the log of ${notice.partition} was cut below the position`;
}
