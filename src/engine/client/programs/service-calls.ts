import type { CallSpec } from '../../api/scenario.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { utf8Decode, type Bytes } from '../../base/bytes.ts';
import { offsetAt } from '../../protocol/record-batch.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { RecordSlice } from '../consumer/consumer-state.ts';

/** Calls the service for each record that was worked on, in their order. It hears each call at once. */
export function callService(
  { service, keyFields }: CallSpec,
  context: NodeContext,
  slices: readonly RecordSlice[],
): void {
  for (const { name, batch, from, to } of slices)
    for (let i = from; i < to; i++) {
      const idempotencyKey =
        keyFields === undefined ? null : keyOf(batch.records.values[i] ?? null, keyFields);
      const call = { service, partition: name, offset: offsetAt(batch, i), idempotencyKey };
      const data: TraceEventData = { type: 'service-called', ...call };
      context.trace(data);
    }
  context.anchor('after-calls');
}

/** The fields of a JSON object as one text; null for what is none. */
function keyOf(value: Bytes | null, fields: readonly string[]): string | null {
  const object = parsed(value);
  if (typeof object !== 'object' || object === null) return null;
  const known = object as Readonly<Record<string, unknown>>;
  return fields.map((field) => textOf(known[field])).join('/');
}

const textOf = (field: unknown): string =>
  typeof field === 'string' ? field : JSON.stringify(field ?? null);

function parsed(value: Bytes | null): unknown {
  try {
    return value === null ? null : JSON.parse(utf8Decode(value));
  } catch {
    return null;
  }
}
