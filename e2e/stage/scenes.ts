import type { Entity, EntityId, Packet, RecordsDetail } from '../../src/engine/api/frame.ts';
import { clickstream } from '../../src/ui/view-model/clickstream.fixture.ts';

export interface Scene {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly packets: readonly Packet[];
  readonly records: RecordsDetail | null;
  readonly focusPartition: EntityId | null;
  readonly rung: 'partition' | 'topology';
}

const LOOMS: Readonly<Record<string, () => Map<string, Entity>>> = {
  calm: () => clickstream(),
  'b2-down': () => clickstream({ down: 2 }),
  paused: () => clickstream({ paused: 3, fenced: 3 }),
  twelve: () => clickstream({ partitions: 12, brokers: 5, instances: 4, members: 5, producers: 3 }),
  hundred: () =>
    clickstream({ partitions: 100, brokers: 12, instances: 8, members: 10, producers: 4, down: 7, scale: 1 }),
  huge: () =>
    clickstream({ scale: 34_567, topic: 'production.orders.web-checkout-v2.enriched.events', down: 2 }),
};

export const SCENES = Object.keys(LOOMS);

/** Entities and the rest of a picture that is worth looking at. */
export function scene(name: string): Scene {
  const entities = (LOOMS[name] ?? LOOMS.calm ?? (() => new Map()))();
  return { entities, packets: [], records: null, focusPartition: null, rung: 'topology' };
}
