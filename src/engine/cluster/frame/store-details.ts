import type { StoresDetail } from '../../api/detail.ts';
import { queryableStores, queryKinds } from '../../streams/queries/queryable-store.ts';
import { planOf } from '../../streams/runtime/application-plan.ts';
import type { StreamsInstanceConfig } from '../../streams/runtime/instance-config.ts';
import type { World } from '../world.ts';
import { instancesOf } from './application-entities.ts';

const PREFIX = 'application:';

/** The stores of an application by its entity's id; none for another entity. */
export function storesDetail(world: World, id: string): StoresDetail[] {
  const spec = world.scenario.applications.find((one) => `${PREFIX}${one.id}` === id);
  const [first] = spec === undefined ? [] : instancesOf(spec);
  if (first === undefined) return [];
  const stores = queryableStores(planOf(world.slot(first).config as StreamsInstanceConfig));
  return [
    {
      what: 'stores',
      id,
      stores: stores.map((store) => ({ name: store.name, kinds: queryKinds(store), key: store.key.name })),
    },
  ];
}
