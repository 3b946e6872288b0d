/** What the controller wants a broker to be (Kafka's `BrokerControlState`). */
export type BrokerControlState = 'FENCED' | 'UNFENCED' | 'CONTROLLED_SHUTDOWN' | 'SHUTDOWN_NOW';

/** What decides about the next state when a heartbeat comes. */
export interface HeartbeatSituation {
  readonly current: Exclude<BrokerControlState, 'SHUTDOWN_NOW'>;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
  /** The broker has applied its own registration. */
  readonly caughtUp: boolean;
  /** The broker leads at least one partition. */
  readonly leads: boolean;
  /** Every active broker has applied what moved this broker's leaders away. */
  readonly shutdownSeen: boolean;
}

/** The table of states (Kafka's `BrokerHeartbeatManager.calculateNextBrokerState`). */
export function nextBrokerState(situation: HeartbeatSituation): BrokerControlState {
  const { current, wantFence, wantShutDown, caughtUp, leads, shutdownSeen } = situation;
  switch (current) {
    case 'FENCED':
      if (wantShutDown) return 'SHUTDOWN_NOW';
      return !wantFence && caughtUp ? 'UNFENCED' : 'FENCED';
    case 'UNFENCED':
      if (wantFence) return wantShutDown ? 'SHUTDOWN_NOW' : 'FENCED';
      if (!wantShutDown) return 'UNFENCED';
      return leads ? 'CONTROLLED_SHUTDOWN' : 'SHUTDOWN_NOW';
    case 'CONTROLLED_SHUTDOWN':
      return !leads && shutdownSeen ? 'SHUTDOWN_NOW' : 'CONTROLLED_SHUTDOWN';
  }
}
