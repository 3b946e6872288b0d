import type { Detail, Watch } from '../../engine/api/detail.ts';
import type { Entity, EntityId, Frame, Packet } from '../../engine/api/frame.ts';
import type { SimTime } from '../../engine/base/time.ts';

/** What the page knows of the run at the moment shown. Replaced, never written to. */
export interface RunModel {
  readonly generation: number;
  readonly at: SimTime;
  readonly eventCount: number;
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly packets: readonly Packet[];
  readonly details: ReadonlyMap<string, Detail>;
}

export const EMPTY_RUN: RunModel = {
  generation: -1,
  at: 0,
  eventCount: 0,
  entities: new Map(),
  packets: [],
  details: new Map(),
};

export const detailKey = (watch: Watch): string => `${watch.what} ${watch.id}`;

/** Whether a frame belongs to a past that was left. */
export const isStale = (model: RunModel, frame: Frame): boolean => frame.generation < model.generation;

/** Takes a frame whole. A frame of a newer generation replaces everything, others only what they name. */
export function applyFrame(model: RunModel, frame: Frame): RunModel {
  const fresh = frame.generation !== model.generation;
  return {
    generation: frame.generation,
    at: frame.at,
    eventCount: frame.eventCount,
    entities: mergeEntities(fresh ? EMPTY_RUN.entities : model.entities, frame),
    packets: frame.packets,
    details: mergeDetails(model.details, frame.details),
  };
}

function mergeEntities(known: RunModel['entities'], frame: Frame): RunModel['entities'] {
  if (frame.changed.length === 0 && frame.removed.length === 0) return known;
  const next = new Map(known);
  for (const id of frame.removed) next.delete(id);
  for (const entity of frame.changed) next.set(entity.id, entity);
  return next;
}

function mergeDetails(known: RunModel['details'], details: readonly Detail[]): RunModel['details'] {
  if (details.length === 0) return known;
  const next = new Map(known);
  for (const detail of details) next.set(detailKey(detail), detail);
  return next;
}
