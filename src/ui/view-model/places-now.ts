import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { Names } from './caption.ts';

/** Somewhere records stand in line, and how many do. */
export interface Place {
  readonly id: EntityId;
  readonly name: string;
  readonly value: number;
  readonly note: string;
}

/** Where records wait: those that were asked for and are not settled, and what is made of the others. */
export interface PlacesNow {
  /** In the order of the records' way: producers, what applications have not read, what they hold, what they pass on. */
  readonly before: readonly Place[];
  /** What groups that only read have not read yet. */
  readonly after: readonly Place[];
}

export function placesNow(entities: ReadonlyMap<EntityId, Entity>, names: Names): PlacesNow {
  const all = [...entities.values()];
  const applications = all.filter((entity) => entity.kind === 'application');
  const groups = all.filter((entity) => entity.kind === 'group');
  const producers = all.flatMap((entity): Place[] =>
    entity.kind === 'producer'
      ? [
          { id: entity.id, name: names.node(entity.node), value: entity.buffered, note: 'buffered' },
          { id: entity.id, name: names.node(entity.node), value: entity.inFlight, note: 'in flight' },
        ]
      : [],
  );
  const own = new Set(applications.map(({ name }) => name));
  const held = applications.flatMap(({ id, name, passingOn }): Place[] => {
    const tasks = all.filter((entity) => entity.kind === 'task' && entity.application === name);
    const value = tasks.reduce((sum, task) => sum + (task.kind === 'task' ? task.buffered : 0), 0);
    return [
      { id, name, value, note: 'queued in its tasks' },
      { id, name, value: passingOn, note: 'passed on, not acknowledged yet' },
    ];
  });
  const inner = groups.filter(({ name }) => own.has(name));
  const outer = groups.filter(({ name }) => !own.has(name));
  return {
    before: [...producers, ...inner.flatMap(unread), ...held],
    after: outer.flatMap(unread),
  };
}

/** By topic, in the order in which the group has them. */
function unread({
  name: group,
  partitions,
  share,
}: Extract<Entity, { readonly kind: 'group' }>): readonly Place[] {
  const sums = new Map<string, number>();
  for (const { name, lag } of partitions) {
    const topic = name.replace(/-\d+$/, '');
    sums.set(topic, (sums.get(topic) ?? 0) + lag);
  }
  return [...sums].map(([topic, value]) => ({
    id: `topic:${topic}`,
    name: topic,
    value,
    note: `not ${share === undefined ? 'read' : 'acknowledged'} by ${group}`,
  }));
}
