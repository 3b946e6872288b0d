import type { NodeContext } from '../../sim/node-context.ts';
import { recordsIn, reportDone, WORK, type ConsumerMemory } from './consumer-memory.ts';

/** The thread that polls hands over what poll() returned. The worker takes it after what it has. */
export function handOver(memory: ConsumerMemory, context: NodeContext): void {
  const { working, handed } = memory;
  const isIdle = handed === null || handed.length === 0;
  memory.handed = [...(handed ?? []), ...working];
  if (isIdle) begin(memory, context);
}

/** The worker is done with the oldest part, and goes on with the next. */
export function finishHanded(memory: ConsumerMemory, context: NodeContext): void {
  const [done, ...left] = memory.handed ?? [];
  if (done !== undefined) reportDone(memory, context, done);
  memory.handed = left;
  begin(memory, context);
}

function begin({ handed, config }: ConsumerMemory, context: NodeContext): void {
  const next = handed?.[0];
  if (next !== undefined) context.setTimer(WORK, recordsIn([next]) * config.workMicros);
}
