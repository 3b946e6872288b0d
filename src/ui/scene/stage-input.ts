import type { RecordsDetail } from '../../engine/api/detail.ts';
import type { Entity, EntityId, Packet } from '../../engine/api/frame.ts';
import type { SimTime } from '../../engine/base/time.ts';

/** How fast the run plays: simulated seconds per wall second, one event per tick, or as fast as the machine can. */
export type StageSpeed = number | 'event' | 'max';

export type Rung = 'partition' | 'topology';

/** Everything the picture depends on. Entities are replaced when they change, never written to. */
export interface StageInput {
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly packets: readonly Packet[];
  readonly at: SimTime;
  readonly playing: boolean;
  readonly speed: StageSpeed;
  readonly selection: EntityId | null;
  readonly rung: Rung;
  /** The partition of the partition rung; null shows the first there is. */
  readonly focusPartition: EntityId | null;
  /** Answer to `watch` for `focusPartition`, null until it came. */
  readonly records: RecordsDetail | null;
  readonly theme: 'light' | 'dark';
  readonly reducedMotion: boolean;
  /** Of the stage, CSS pixels. Below `PHONE_WIDTH` the picture is turned and its height is its own. */
  readonly width: number;
  readonly height: number;
}

export { PHONE_WIDTH } from '../view-model/stage-picture.ts';

export interface StageCallbacks {
  readonly select: (id: EntityId | null) => void;
  /** Enter or double click on a mark. */
  readonly open: (id: EntityId) => void;
  /** Context menu for a mark, at client coordinates. */
  readonly menu: (id: EntityId, x: number, y: number) => void;
}

/** The picture, mounted. */
export interface Stage {
  /** Takes the newest state; draws on the next animation frame. Cheap to call often. */
  update(input: StageInput): void;
  destroy(): void;
}
