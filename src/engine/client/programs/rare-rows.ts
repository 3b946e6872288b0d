import { ROW_HEADER } from '../../api/ids.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { ProducerRecord } from '../producer/producer-batch.ts';
import { advance } from './pace.ts';
import type { ProducerMemory } from './producer-program.ts';

/** The value says which row of the tape it is; of a record without one a header does. */
export const withRow = (record: ProducerRecord): ProducerRecord => ({
  ...record,
  headers: [{ key: ROW_HEADER, value: `${record.ordinal}` }],
});

/** What send() throws at is lost for certain: the outside world counts it as failed. */
export function refuse(memory: ProducerMemory, context: NodeContext, row: number, error: string): void {
  memory.refused += 1;
  const rows = Object.freeze([row]);
  const outcome = { at: context.now(), partition: -1, outcome: 'failed', baseOffset: -1, rows } as const;
  memory.outcomes.push(Object.freeze(outcome));
  const data: TraceEventData = { type: 'send-refused', topic: memory.config.topic, error };
  context.trace(data);
}

/** send() waited for longer than `max.block.ms`. */
export function skipRow(memory: ProducerMemory, context: NodeContext): void {
  refuse(memory, context, memory.position.row, 'REQUEST_TIMED_OUT');
  advance(memory.config.pace, memory.config.tape, memory.position);
}
