import type { SimTime } from '../base/time.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { SnapshotId } from '../protocol/fetch-snapshot.ts';
import type { ApiName } from '../protocol/message.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { ConnectionId, NodeId } from '../sim/event.ts';
import type { LeaderState } from './leader-state.ts';
import type { VoterSet } from './voter-set.ts';

/** `controller.quorum.*`, in ms and bytes. */
export interface RaftSettings {
  readonly electionTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  readonly electionBackoffMaxMs: number;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly fetchMaxBytes: number;
}

/** What a voter is started with. Frozen. */
export interface RaftOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly voters: VoterSet;
  /** The machine of each voter. */
  readonly peers: Readonly<Record<number, NodeId>>;
  /** Of the replicated log. */
  readonly topic: { readonly name: string; readonly id: Uuid };
  readonly settings: RaftSettings;
}

/**
 * What a voter is in its epoch (`EpochState` and its kinds): it knows no leader; it follows one; it asks whether it would
 * be elected (KIP-996); it asks to be elected; it leads; it led and gave up.
 */
export type RaftRole = 'unattached' | 'follower' | 'prospective' | 'candidate' | 'leader' | 'resigned';

export const NOBODY = -1;

/** One voter of a quorum that replicates a log (`KafkaRaftClient`). Plain data; lost with the process. */
export interface Raft {
  readonly options: RaftOptions;
  readonly log: PartitionLog;
  role: RaftRole;
  epoch: number;
  /** Of this epoch; −1: not known. */
  leaderId: number;
  /** Whom this voter elected in this epoch; −1: nobody. */
  votedId: number;
  /** Records below are committed as far as this voter knows; 0 before it has heard of any. */
  highWatermark: number;
  /** Whether the leader of this epoch has answered a fetch: then others are not encouraged to replace it. */
  hasFetched: boolean;
  /** Answers to this voter's candidacy, its own included. */
  readonly votes: Map<number, boolean>;
  /** While it leads. */
  leader: LeaderState | null;
  /** Voters that have not been told yet what a leader must tell: that it leads, or that it gives up. */
  untold: number[];
  /** Of one that resigned: who should stand next, the best informed first. */
  successors: readonly number[];
  readonly links: Map<number, Link>;
  parked: ParkedFetch[];
  /** The snapshot that this follower is reading, as far as it has it. */
  incoming: IncomingSnapshot | null;
  /** Whose turn it is to be asked who leads. */
  discoveryTurn: number;
}

/** The way to another voter: one request at a time. */
export interface Link {
  /** 0 while there is none. */
  connection: ConnectionId;
  nextCorrelationId: number;
  inFlight: OutgoingCall | null;
  /** After a failure it rests until then. */
  readyAt: SimTime;
}

/** Frozen. */
export interface OutgoingCall {
  readonly correlationId: number;
  readonly api: ApiName;
  /** Epoch and role in which it was sent: an answer to another one means nothing. */
  readonly epoch: number;
  readonly role: RaftRole;
  /** For a fetch: from where. */
  readonly offset: number;
}

/** A fetch that waits for something new. */
export interface ParkedFetch {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly replicaId: number;
  readonly fetchOffset: number;
  readonly maxBytes: number;
}

/** The state up to an offset in place of the records before it. Frozen; lies on disk as a whole. */
export interface Snapshot {
  readonly id: SnapshotId;
  readonly batches: readonly RecordBatch[];
  readonly sizeInBytes: number;
}

export interface IncomingSnapshot {
  readonly id: SnapshotId;
  batches: RecordBatch[];
  /** Bytes read so far. */
  position: number;
}

export const isVoter = ({ options }: Raft, id: number): boolean => options.voters.includes(id);

export const otherVoters = ({ options }: Raft): number[] =>
  options.voters.filter((id) => id !== options.nodeId);
