import type { SimTime } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { Producer } from './producer-state.ts';

/** Makes the sender run no later than `at`. */
export function armSender(producer: Producer, context: NodeContext, at: SimTime): void {
  if (at >= producer.senderAt) return;
  producer.senderAt = at;
  context.setTimer(`${producer.network.prefix}:sender`, Math.max(at - context.now(), 0));
}
