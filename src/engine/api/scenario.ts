import type { ConfigOverrides } from './config/config-key.ts';
import type { Command } from './command.ts';
import type { NodeId } from './ids.ts';
import type { Improvement } from './improvements.ts';
import type { QuotaSpec } from './quota.ts';

/** Everything that, with its tapes, decides a run. Closed schema; see docs/scenario.md. */
export interface Scenario {
  readonly format: 'millrace-scenario';
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  /** The one question the scenario asks, in the words of a person. */
  readonly question: string;
  /** What a reader should know: why a value is not Kafka's default, what is odd about the data. One sentence each. */
  readonly notes?: readonly string[];
  readonly seed: number;
  /** Wall clock of the cluster at simulated time 0, in ms since 1970. */
  readonly startMs: number;
  /** Length that the timeline shows at first, in simulated ms. */
  readonly lengthMs: number;
  readonly brokers: readonly BrokerSpec[];
  /** How many controllers there are: one if it is not said. Three go on when one is gone. */
  readonly controllers?: 1 | 3;
  /** Levels of Kafka's features that the cluster is formatted with, where they are not the release's. */
  readonly features?: FeatureLevels;
  /** Improvements of Kafka that the cluster is without: it runs as one of before them. */
  readonly before?: readonly Improvement[];
  /** Overrides for all brokers. */
  readonly brokerConfig: ConfigOverrides;
  /** What requests take of the handler threads of every broker; left out: next to nothing. */
  readonly requestMicros?: RequestMicros;
  /** µs that a broker that becomes coordinator needs for each record of the log that it reads; left out: 10. */
  readonly coordinatorLoadMicros?: number;
  readonly topics: readonly TopicSpec[];
  /** Quotas that clients are held to from the start. */
  readonly quotas?: readonly QuotaSpec[];
  readonly producers: readonly ProducerSpec[];
  readonly applications: readonly ApplicationSpec[];
  readonly groups: readonly GroupSpec[];
  readonly shareGroups?: readonly ShareGroupSpec[];
  readonly commands: readonly Command[];
}

/** `transaction.version` (KIP-890) and `eligible.leader.replicas.version` (KIP-966). */
export interface FeatureLevels {
  readonly 'transaction.version'?: 0 | 1 | 2;
  readonly 'eligible.leader.replicas.version'?: 0 | 1;
}

/** µs that a thread of `num.io.threads` works on one request, by what is asked; left out: 10. */
export interface RequestMicros {
  readonly produce?: number;
  readonly fetch?: number;
  readonly other?: number;
}

export interface BrokerSpec {
  readonly id: number;
  readonly rack: string | null;
  readonly config: ConfigOverrides;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: ConfigOverrides;
}

/** A producer that plays a tape into a topic. */
export interface ProducerSpec {
  readonly id: NodeId;
  readonly topic: string;
  readonly tape: TapeSpec;
  readonly pace: Pace;
  /** With a `transactional.id`: what its transactions are made of. Left out: 100 rows each, all committed. */
  readonly transactions?: TransactionPlan;
  readonly config: ConfigOverrides;
}

/**
 * How a tape is cut into transactions. One ends with its `records`-th row, or `everyMs` after its first. Every
 * `abortEvery`-th is aborted once its rows are in the log, as by an application that changes its mind; the rows of an
 * aborted transaction are sent again in the next one, so in the end each counts once.
 */
export interface TransactionPlan {
  readonly records: number;
  readonly everyMs?: number;
  readonly abortEvery?: number;
}

/** Which rows, and which of their columns are time and key. The record's value is the whole row as JSON. */
export interface TapeSpec {
  /** A file of public/tapes, or the name of a file that a person brought. */
  readonly file: string;
  readonly origin: 'bundled' | 'own';
  /** Digest of the tape's content as read (`digestTape`), so that a link is known to mean the same data. */
  readonly digest: string;
  readonly format: TapeFormat;
  readonly timeColumn: string;
  /** Null: records without a key. */
  readonly keyColumn: string | null;
  /** At most so many rows are played; 0 for all. */
  readonly limit: number;
  /** Rows that have this text in this column take their key away: their records have no value. Left out: none do. */
  readonly tombstones?: TombstoneRows;
}

export interface TombstoneRows {
  readonly column: string;
  readonly value: string;
}

export type TapeFormat = 'csv' | 'jsonl' | 'access-log';

/**
 * `rate`: so many records a second; `times`: the tape's own time, so many times faster (gaps between two records are
 * capped at `gapMaxMs` of tape time); `max`: as fast as the producer takes them.
 */
export type Pace =
  | { readonly kind: 'rate'; readonly perSecond: number }
  | { readonly kind: 'times'; readonly factor: number; readonly gapMaxMs: number }
  | { readonly kind: 'max' };

/** A Kafka Streams application of several instances, each with `num.stream.threads` threads. */
export interface ApplicationSpec {
  /** Its `application.id`. */
  readonly id: string;
  readonly instances: number;
  /** Nodes of the topology as in the streams engine's topology data. */
  readonly topology: readonly TopologyNode[];
  /** Simulated work for one record, in µs. */
  readonly workMicros: number;
  /**
   * Whether each instance has its machine's name for its `group.instance.id`, so that it may restart without a rebalance
   * (KIP-345). Left out: it has none.
   */
  readonly staticMembers?: boolean;
  /**
   * What an instance does whose thread ends by an error (`StreamsUncaughtExceptionHandler`, KIP-671): `replace-thread` begins
   * another one in its place, `shutdown-application` makes all instances end. Left out, as in Kafka: `shutdown-client`.
   */
  readonly onUncaughtException?: 'replace-thread' | 'shutdown-client' | 'shutdown-application';
  readonly config: ConfigOverrides;
}

/** One node of a topology: plain data, checked by the topology builder. */
export interface TopologyNode {
  readonly op: string;
  readonly id?: string;
  readonly of?: string;
  readonly [field: string]: unknown;
}

/** A consumer group of members that read, and may write what they have read to another topic. */
export interface GroupSpec {
  readonly id: string;
  readonly topic: string;
  /** It reads all topics whose whole name this expression means, of which `topic` is one. Left out: `topic` alone. */
  readonly topicsPattern?: string;
  readonly members: number;
  /** Simulated work for one record, in µs. */
  readonly workMicros: number;
  /**
   * Who works. Left out: the thread that polls, before it polls again. `in-worker`: another thread, which is handed what
   * poll() returned; the one that polls goes on at once, and its commits do not wait for that work.
   */
  readonly work?: 'in-worker';
  /** Left out: they only read. */
  readonly output?: OutputSpec;
  /** Whom each member calls for every record when it is done with it. Left out: nobody. */
  readonly calls?: CallSpec;
  /** Of the members. */
  readonly config: ConfigOverrides;
  /** Of the group itself, which the operator sets as soon as there is a cluster. */
  readonly groupConfig?: ConfigOverrides;
}

/**
 * Where each member writes every record that it has read, with the same key and value. One round of poll() is one
 * transaction, with the offsets of what was read; the member's machine is its `transactional.id`.
 */
export interface OutputSpec {
  readonly topic: string;
  /** Of the producer. */
  readonly config: ConfigOverrides;
}

/** A service outside of the cluster. What it was called for it does at once, and nothing takes that back. */
export interface CallSpec {
  readonly service: string;
  /**
   * Fields of the record's JSON value whose texts are the idempotency key: what was done under a key once is not done
   * again. Left out: calls have no key, and each is done.
   */
  readonly keyFields?: readonly string[];
}

/** A share group (KIP-932): its members share the partitions of a topic record by record. */
export interface ShareGroupSpec extends Omit<GroupSpec, 'work' | 'output' | 'calls'> {
  /** What becomes of which records; left out: all are accepted. */
  readonly outcomes?: ShareOutcomes;
}

/**
 * What members of a share group make of records. Each field names every so many-th record of a partition, by its offset;
 * the first that holds decides, and all others are accepted.
 */
export interface ShareOutcomes {
  /** Rejected: nobody is to get them again. */
  readonly rejectEvery?: number;
  /** They fail each time: released until the group archives them for having been delivered too often. */
  readonly poisonEvery?: number;
  /** Released when they are delivered first. */
  readonly releaseEvery?: number;
  /** They take `slowMs` longer to process. */
  readonly slowEvery?: number;
  readonly slowMs?: number;
  /** Whoever is at work renews its locks when half of their time is over (KIP-1222). */
  readonly renew?: boolean;
}

/** Rows of a tape, ready to be played, in order. Columns of equal length; frozen. */
export interface Tape {
  readonly count: number;
  /** Event time in ms since 1970. */
  readonly timestamps: readonly number[];
  /** UTF-8 as `Bytes`; null without a key. */
  readonly keys: readonly (string | null)[];
  /** JSON of the row, UTF-8 as `Bytes`; null takes the key away. */
  readonly values: readonly (string | null)[];
}
