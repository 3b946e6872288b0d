import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import type { Entity, EntityId } from '../../../engine/api/frame.ts';
import type { Figure } from '../picture/figure.ts';
import type { FigureCache } from '../picture/figure-cache.ts';
import type { LoomGraph, Station } from './graph.ts';
import type { RowLag } from './lag.ts';
import type { LoomLayout, Placed } from './layout.ts';
import { APPROACH, LAG_LABEL } from './measures.ts';
import type { PlacedReader } from './reader-rows.ts';
import type { LoomScales } from './scales.ts';
import type { PlacedTopic } from './topic-rows.ts';
import type { TurnedBlock, TurnedLayout } from './turned-layout.ts';

export interface LoomInput {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly selection: EntityId | null;
  readonly at: number;
  readonly width: number;
  readonly height: number;
  /** Columns are partitions: for a narrow stage. */
  readonly turned: boolean;
}

/** What the first screen never shows, and does not wait for. */
export interface LaterParts {
  /** How more rows are drawn than can be drawn in full. */
  readonly topic: (context: LoomContext, placed: PlacedTopic) => readonly Figure[];
  readonly reader: (context: LoomContext, placed: PlacedReader) => readonly Figure[];
  /** What leads between stations whose rows are bars. */
  readonly lenses: (context: LoomContext) => readonly Figure[];
  /** The row that is repeated in full below the bars. */
  readonly picked: (context: LoomContext) => readonly Figure[];
  readonly pick: (context: Omit<LoomContext, 'picked'>, selection: string | null) => string | null;
  /** The service outside of the cluster that a group calls. */
  readonly service: (context: LoomContext, placed: PlacedReader) => readonly Figure[];
  readonly turnedService: (
    context: LoomContext,
    layout: TurnedLayout,
    block: TurnedBlock,
  ) => readonly Figure[];
}

/** What every part of the loom is drawn from. */
export interface LoomContext {
  readonly graph: LoomGraph;
  readonly layout: LoomLayout;
  /** The same object while nothing of the layout moves; what figures are kept by. */
  readonly shape: object;
  readonly scales: LoomScales;
  readonly cache: FigureCache;
  readonly partitions: ReadonlyMap<string, PartitionEntity>;
  readonly lags: ReadonlyMap<string, readonly (readonly RowLag[])[]>;
  /** Null on the first screen. */
  readonly later: LaterParts | null;
  /** Partition entity that is picked out of the bars. */
  readonly picked: string | null;
}

export const stationsOf = <K extends Station['kind']>(
  context: LoomContext,
  kind: K,
): readonly (Placed & { readonly station: Extract<Station, { kind: K }> })[] =>
  [...context.layout.placed.values()].filter(
    (p): p is Placed & { station: Extract<Station, { kind: K }> } => p.station.kind === kind,
  );

/** A column of bars that is narrower is left to the sums. */
export const LEAST_ROOM = 6;

/** Left end and length of the bars of a reader's lag. */
export function lagRoom(placed: Placed): { readonly x: number; readonly width: number } {
  const x = placed.lead + 6;
  const label = placed.detail === 'bars' ? 4 : LAG_LABEL;
  return { x, width: Math.max(0.5, placed.x - APPROACH - label - x) };
}
