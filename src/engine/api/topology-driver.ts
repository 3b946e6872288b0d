import type { Json, JsonObject } from '../base/json.ts';
import type { ConfigOverrides } from './config/config-key.ts';
import type { TopologyNode } from './scenario.ts';

/** A topology and the configuration it is built with (`StreamsBuilder.build(properties)`). */
export interface TopologySource {
  /** Its `application.id`: internal topics begin with it. */
  readonly applicationId: string;
  readonly topology: readonly TopologyNode[];
  /** Overrides of Kafka Streams' configuration; what a topology without threads has no use for is not looked at. */
  readonly config: ConfigOverrides;
}

/** What a topology was built to: what `Topology.describe()` prints, as data. */
export interface TopologyFigure {
  /** `Topology.describe().toString()`. */
  readonly description: string;
  /** In the order of their ids. */
  readonly parts: readonly FigurePart[];
  readonly stores: readonly FigureStore[];
  /** Topics that the application makes for itself to move records to other tasks, with its id in front. */
  readonly repartitionTopics: readonly string[];
  /** Topics that records can be piped into, with the types that their keys and values are read with. */
  readonly inputs: readonly FigureInput[];
}

/** A sub-topology: each partition of its topics is a task. That of a global store makes none. */
export interface FigurePart {
  readonly id: number;
  readonly isGlobal: boolean;
  readonly nodes: readonly FigureNode[];
}

export interface FigureNode {
  /** As Kafka names it: `KSTREAM-SOURCE-0000000000`. */
  readonly name: string;
  readonly kind: 'source' | 'processor' | 'sink';
  /** Sources: what it reads; sinks: where it writes, if that is known beforehand. With the application id where it is one of its own. */
  readonly topics: readonly string[];
  /** A source of all topics whose name this means, or the function that a sink asks for its topic. */
  readonly topicsBy: string | null;
  /** Names of the stores it is connected to. */
  readonly stores: readonly string[];
  /** Names of the nodes that get what it forwards, in that order. */
  readonly children: readonly string[];
}

export interface FigureStore {
  readonly name: string;
  readonly kind: StoreShape;
  /** Types of its keys and values. */
  readonly key: string;
  readonly value: string;
  readonly isGlobal: boolean;
  /** The topic that keeps it; null for one that is not logged. */
  readonly changelog: string | null;
  /** Stores of windows: ms that one is long; 0 of a session and of stores without windows. */
  readonly windowMs: number;
}

/** What a person has to know of how a store is kept. */
export type StoreShape = 'key-value' | 'window' | 'session' | 'versioned' | 'buffer' | 'subscription';

export interface FigureInput {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  /** Its records go straight into a global store. */
  readonly isGlobal: boolean;
}

/**
 * What is done to a driver. Keys and values are JSON of the type that their topic is read with; an object of the one field
 * `hex` or `utf8` stands for exactly these bytes. (conformance/FORMAT-streams.md, section 1)
 */
export type DriverStep = PipeStep | AdvanceStep;

export interface PipeStep {
  /** The topic. */
  readonly pipe: string;
  readonly key: Json;
  readonly value: Json;
  /** Milliseconds. */
  readonly ts: number;
  readonly headers?: readonly (readonly [string, string | null])[];
}

export interface AdvanceStep {
  /** ms by which the driver's wall clock moves at once. */
  readonly advanceWallClock: number;
}

/** All that decides what a driver does; the text form of it is what a case of kind `streams` has as `given`. */
export interface DriverSession {
  readonly source: TopologySource;
  readonly steps: readonly DriverStep[];
}

/** A driver after its steps. */
export interface DriverRun {
  /** One for each step that was done; one that failed is the last. */
  readonly steps: readonly StepOutcome[];
  readonly stores: readonly StoreListing[];
  /** Largest timestamp the task has seen, −1 before the first record. */
  readonly streamTime: number;
  /** Wall clock of the driver in ms; it begins at 0. */
  readonly wallClock: number;
  /** `dropped-records-total`. */
  readonly dropped: number;
  /** Records that went into a node in all steps, by its name. */
  readonly visits: Readonly<Record<string, number>>;
}

export interface StepOutcome {
  /** What was produced, in order, on the application's own repartition topics too. */
  readonly outputs: readonly DriverOutput[];
  /** What was written to changelogs, in order. */
  readonly changes: readonly DriverChange[];
  /** Further outputs and changes that are not listed. */
  readonly hidden: number;
  /** The way of the record and of all that came of it. */
  readonly hops: readonly Hop[];
  readonly drops: readonly Drop[];
  /** Stream time after it. */
  readonly streamTime: number;
  readonly error: DriverError | null;
}

/** A record that was produced: `key`, `value`, `ts` and `headers` as JSON. */
export interface DriverOutput {
  readonly topic: string;
  readonly isInternal: boolean;
  readonly record: JsonObject;
}

export interface DriverChange {
  readonly topic: string;
  /** Its fields depend on the kind of store: a window has a start, a session an end too. */
  readonly record: JsonObject;
}

/** So many records went from one node to another; from null into a source. */
export interface Hop {
  readonly from: string | null;
  readonly to: string;
  readonly records: number;
}

/** Records that were dropped, as Kafka's `dropped-records-total` counts them. */
export interface Drop {
  /** The node; null where it was dropped before it came to one. */
  readonly node: string | null;
  readonly reason: DropReason;
  readonly records: number;
}

/**
 * `late`: its window had closed; `expired`: older than what a store still remembers; `failed`: an operator threw and the
 * handler goes on; `unreadable`: its bytes or its time were not what the source expects; `refused`: a join or an aggregate
 * had no use for it.
 */
export type DropReason = 'null-key' | 'null-value' | 'late' | 'expired' | 'failed' | 'unreadable' | 'refused';

/** An exception that ended the task. */
export interface DriverError {
  /** Simple name of Kafka's class. */
  readonly className: string;
  /** Simple names and texts along `getCause()`. */
  readonly causes: readonly string[];
  readonly message: string;
}

export interface StoreListing {
  readonly name: string;
  /** Null where the store cannot be listed. */
  readonly entries: readonly JsonObject[] | null;
  /** Null where they cannot even be counted. */
  readonly records: number | null;
}
