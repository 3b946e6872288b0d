import type { ControllerFacts } from '../api/entities/node.ts';
import type { SimTime } from '../base/time.ts';
import type { ControllerMemory } from './controller-state.ts';
import { countLed } from './leadership.ts';

/** A broker as the controller sees it. */
export interface BrokerView {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  /** Partitions that it leads. */
  readonly leads: number;
  /** −1 before the first heartbeat of its incarnation. */
  readonly lastHeartbeatAt: SimTime;
}

/** For frames and checkers: the registered brokers by id. Changes nothing. */
export function brokerViews(memory: ControllerMemory): BrokerView[] {
  return [...memory.image.brokers.values()]
    .map(({ brokerId, brokerEpoch, rack, fenced, inControlledShutdown }) => ({
      brokerId,
      brokerEpoch,
      rack,
      fenced,
      inControlledShutdown,
      leads: countLed(memory, brokerId),
      lastHeartbeatAt: memory.sessions.get(brokerId)?.lastContactAt ?? -1,
    }))
    .sort((a, b) => a.brokerId - b.brokerId);
}

/** For frames: its place in the quorum. */
export const controllerFacts = ({ activeEpoch, raft }: ControllerMemory): ControllerFacts => {
  const { peers, voters } = raft.options;
  return {
    active: activeEpoch >= 0,
    epoch: raft.epoch,
    role: raft.role,
    leader: peers[raft.leaderId] ?? '',
    voters: voters.flatMap((id) => peers[id] ?? []),
    logEnd: raft.log.logEndOffset,
    committedOffset: raft.highWatermark,
  };
};
