import type { GroupEntity, ServiceFacts } from '../../api/entities/group.ts';
import { shown } from '../prelude.ts';
import type { World } from '../world.ts';

/** Groups that call a service, with what that says of itself; the others as they are. Times are the person's. */
export function withServices(
  { scenario }: World,
  groups: readonly GroupEntity[],
  serviceOf: (name: string) => ServiceFacts,
): GroupEntity[] {
  const called = new Map(scenario.groups.map(({ id, calls }) => [id, calls?.service]));
  return groups.map((group) => {
    const name = called.get(group.name);
    if (name === undefined) return group;
    const facts = serviceOf(name);
    const recent = facts.recent.map((effect) => ({ ...effect, at: shown(effect.at) }));
    return { ...group, service: { ...facts, recent } };
  });
}
