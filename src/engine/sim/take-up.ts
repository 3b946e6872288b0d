import type { SimEvent } from './event.ts';
import type { Kernel } from './kernel.ts';
import type { NodeSlot } from './kernel-state.ts';

/** A paused node goes on, now: with all that came meanwhile, in order. */
export function takeUp(kernel: Kernel, slot: NodeSlot): void {
  slot.status = 'up';
  slot.since = kernel.state.now;
  const { deferred } = slot;
  slot.deferred = [];
  for (const event of deferred) reschedule(kernel, slot, event);
}

function reschedule(kernel: Kernel, slot: NodeSlot, event: SimEvent): void {
  if (event.kind === 'timer' && slot.timers.get(event.name) !== event.sequence) return;
  const sequence = kernel.schedule({ ...event, at: kernel.state.now });
  if (event.kind === 'timer') slot.timers.set(event.name, sequence);
}
