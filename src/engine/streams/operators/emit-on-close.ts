import type { ProcessorContext } from '../task/processor.ts';

/** The clock of a windowed aggregation, and how far it has emitted closed windows. Plain data. */
export interface EmitState {
  /** Largest timestamp that reached this processor with a key; −1 at first. */
  observed: number;
  /** Close time of the last emission; −1 at first. */
  lastClose: number;
  /** Wall clock before which no look is taken, in milliseconds. */
  nextLook: number;
}

export const newEmitState = (): EmitState => ({ observed: -1, lastClose: -1, nextLook: 0 });

/** True if it is time to look, and windows may have closed since the last emission. */
export function closedSince(context: ProcessorContext, state: EmitState, closeTime: number): boolean {
  const now = context.wallClock();
  if (now < state.nextLook) return false;
  state.nextLook = now + context.config.emitInterval;
  return state.lastClose === -1 || state.lastClose < closeTime;
}
