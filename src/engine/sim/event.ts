import type { SimTime } from '../base/time.ts';

/** Name of a node on the simulated network: unique, and the same for all of its lives. */
export type NodeId = string;

/** Number of a connection, unique in a run. */
export type ConnectionId = number;

/**
 * - `deliver`: a message reaches `node` over `connection`
 * - `timer`: the timer `name` of `node` rings
 * - `disconnect`: `node` learns that the other side of `connection` is gone
 * - `start`: the process of `node` begins a life
 * - `exit`: the process of `node` ends itself in order
 */
export type SimEventKind = 'deliver' | 'timer' | 'disconnect' | 'start' | 'exit';

/** Something that will happen. Immutable plain data, one shape for all kinds so that the hot loop sees one type. */
export interface SimEvent {
  readonly at: SimTime;
  /** Order of scheduling. Unique, so no two events compare equal. */
  readonly sequence: number;
  readonly kind: SimEventKind;
  readonly node: NodeId;
  /** The life of `node` that it is meant for; an event for an earlier life is dropped. */
  readonly incarnation: number;
  /** Id of the newest trace entry in its causal past, 0 for none. */
  readonly cause: number;
  /** `timer`: its name. Otherwise the node that sent it. */
  readonly name: string;
  /** 0 for timers. */
  readonly connection: ConnectionId;
  /** The message, or what was kept with the timer. Immutable. */
  readonly payload: unknown;
  readonly sentAt: SimTime;
  /** Bytes on the wire. */
  readonly sizeInBytes: number;
}
