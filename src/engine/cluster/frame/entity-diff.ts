import type { Entity, EntityId } from '../../api/frame.ts';

/** Whether two pieces of small plain data are the same. */
export function sameData(x: unknown, y: unknown): boolean {
  if (x === y) return true;
  if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false;
  if (Array.isArray(x) || Array.isArray(y)) return Array.isArray(x) && Array.isArray(y) && sameItems(x, y);
  const a = x as Readonly<Record<string, unknown>>;
  const b = y as Readonly<Record<string, unknown>>;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameData(a[key], b[key]));
}

const sameItems = (x: readonly unknown[], y: readonly unknown[]): boolean =>
  x.length === y.length && x.every((item, i) => sameData(item, y[i]));

export interface EntityChanges {
  readonly changed: readonly Entity[];
  readonly removed: readonly EntityId[];
}

/** Remembers what the receiver knows, and says what is news to it. */
export class EntityDiff {
  private known = new Map<EntityId, Entity>();

  /** The receiver knows nothing any more. */
  forget(): void {
    this.known = new Map();
  }

  update(entities: readonly Entity[]): EntityChanges {
    const next = new Map<EntityId, Entity>();
    const changed: Entity[] = [];
    for (const entity of entities) {
      const before = this.known.get(entity.id);
      const same = before !== undefined && sameData(before, entity);
      if (!same) changed.push(entity);
      next.set(entity.id, same ? before : entity);
    }
    const removed = [...this.known.keys()].filter((id) => !next.has(id));
    this.known = next;
    return { changed, removed };
  }
}
