import type { SimTime } from '../../base/time.ts';
import { shown } from '../prelude.ts';
import type { CounterHistory } from '../counter-history.ts';
import { TRANSACTION_TOPIC } from '../../broker/coordinator-topic.ts';
import type { World } from '../world.ts';

/** What entity builders read: the world now, and what counters stood at before. */
export interface FrameSource {
  readonly world: World;
  readonly history: CounterHistory;
  /** The present, in the person's time. */
  readonly now: SimTime;
}

/** Growth per second of a counter that stands at `current` now. */
export const rateOf = ({ history, now }: FrameSource, name: string, current: number): number =>
  history.rate(name, now, current);

export const sourceOf = (world: World, history: CounterHistory): FrameSource => ({
  world,
  history,
  now: shown(world.kernel.state.now),
});

/** Whether anybody has ever begun one. */
export const hasTransactions = (world: World): boolean => world.image().topics.has(TRANSACTION_TOPIC);
