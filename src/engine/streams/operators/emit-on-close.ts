/** The clock of a windowed aggregation, and how far it has emitted closed windows. Plain data. */
export interface EmitState {
  /** Largest timestamp that reached this processor with a key; −1 at first. */
  observed: number;
  /** Close time of the last emission; −1 at first. */
  lastClose: number;
}

export const newEmitState = (): EmitState => ({ observed: -1, lastClose: -1 });

/** True if windows may have closed since the last emission. */
export const closedSince = (state: EmitState, closeTime: number): boolean =>
  state.lastClose === -1 || state.lastClose < closeTime;
