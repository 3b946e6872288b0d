import { namesBy } from '../../base/names.ts';
import type { SimTime } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { Producer } from './producer-state.ts';

const senderTimer = namesBy((prefix: string) => `${prefix}:sender`);

/** Makes the sender run no later than `at`. */
export function armSender(producer: Producer, context: NodeContext, at: SimTime): void {
  if (at >= producer.senderAt) return;
  producer.senderAt = at;
  context.setTimer(senderTimer(producer.network.prefix), Math.max(at - context.now(), 0));
}
