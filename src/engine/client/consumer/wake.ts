import { namesBy } from '../../base/names.ts';
import type { SimTime } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';

/** A consumer that looks again at a time of its own. */
export interface Waking {
  readonly network: { readonly prefix: string };
  /** When the timer rings. */
  wakeAt: SimTime;
}

const consumerTimer = namesBy((prefix: string) => `${prefix}:consumer`);

/** Makes the consumer look at what is due no later than `at`. */
export function armConsumer(consumer: Waking, context: NodeContext, at: SimTime): void {
  if (at >= consumer.wakeAt) return;
  consumer.wakeAt = at;
  context.setTimer(consumerTimer(consumer.network.prefix), Math.max(at - context.now(), 0));
}

/** Whether `at` has come; if not, the consumer will look again then. */
export function isDue(consumer: Waking, context: NodeContext, at: SimTime): boolean {
  if (at <= context.now()) return true;
  armConsumer(consumer, context, at);
  return false;
}
