import { ensure } from '../base/assert.ts';
import type { SnapshotId } from '../protocol/fetch-snapshot.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { BrokerMemory, BrokerProgramConfig } from './broker-memory.ts';

/** What a broker knows of the quorum of controllers. */
export interface ControllerQuorum {
  /** The active controller, where everything but metadata is sent; −1: not known. */
  leaderId: number;
  /** The newest that this broker has heard of; −1 for none. */
  epoch: number;
  /** Whose turn it is to be asked who leads. */
  turn: number;
  /** The snapshot that this broker is reading, as far as it has it. */
  incoming: { readonly id: SnapshotId; readonly batches: RecordBatch[]; position: number } | null;
}

const idsOf = ({ controllers }: BrokerProgramConfig): number[] => Object.keys(controllers).map(Number);

/** A single controller is the active one. */
export function newControllerQuorum(settings: BrokerProgramConfig): ControllerQuorum {
  const ids = idsOf(settings);
  const [first = -1] = ids;
  return { leaderId: ids.length === 1 ? first : -1, epoch: -1, turn: settings.brokerId, incoming: null };
}

/** Who is asked for metadata: the leader, or, while it is not known, one controller after the other. */
export function metadataSource({ quorum, settings }: BrokerMemory): number {
  const ids = idsOf(settings);
  return quorum.leaderId >= 0 ? quorum.leaderId : ensure(ids[quorum.turn % ids.length], 'a controller');
}

/** Takes in who leads which epoch. Returns whether that is news. */
export function learnLeader(
  { quorum }: BrokerMemory,
  { leaderId, leaderEpoch }: { readonly leaderId: number; readonly leaderEpoch: number },
): boolean {
  const isNews = leaderEpoch > quorum.epoch || (leaderEpoch === quorum.epoch && quorum.leaderId < 0);
  if (!isNews) return false;
  const known = quorum.leaderId;
  quorum.epoch = leaderEpoch;
  quorum.leaderId = leaderId;
  return leaderId >= 0 || known >= 0;
}

/** Whoever was asked does not answer, or does not lead: the next one is asked. */
export function forgetLeader({ quorum, settings }: BrokerMemory): void {
  quorum.incoming = null;
  quorum.turn += 1;
  if (idsOf(settings).length > 1) quorum.leaderId = -1;
}
