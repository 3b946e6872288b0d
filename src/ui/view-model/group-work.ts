import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { Processing } from '../../engine/api/entities/group.ts';
import { listed } from '../../engine/api/scenario-problem.ts';
import { count, plural } from './number-format.ts';

/** What became of the tapes' records in a group's hands. */
export interface GroupWork extends Processing {
  readonly id: EntityId;
  readonly group: string;
  /** One sentence; '' when nothing was skipped, repeated or out of order. */
  readonly harm: string;
}

/** Of every group that reads what tapes are played into, in the order of the scenario. */
export const groupWork = (entities: ReadonlyMap<EntityId, Entity>): readonly GroupWork[] =>
  [...entities.values()].flatMap((entity) =>
    entity.kind === 'group' && entity.processing !== undefined
      ? [
          {
            ...entity.processing,
            id: entity.id,
            group: entity.name,
            harm: harmOf(entity.name, entity.processing),
          },
        ]
      : [],
  );

function harmOf(group: string, { skipped, repeated, disordered }: Processing): string {
  const harms = [
    skipped > 0 ? `never processed ${plural(skipped, 'record')}` : '',
    repeated > 0 ? `processed ${count(repeated)} more than once` : '',
    disordered > 0 ? `processed ${count(disordered)} out of order` : '',
  ].filter((part) => part !== '');
  return harms.length === 0 ? '' : `${group} ${listed(harms)}.`;
}
