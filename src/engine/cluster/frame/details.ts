import type { Detail, Watch } from '../../api/detail.ts';
import type { World } from '../world.ts';
import { configDetail } from './config-details.ts';
import { recordsDetail } from './record-details.ts';
import { storesDetail } from './store-details.ts';

/** The answers to what the page watches. */
export function details(world: World, watches: readonly Watch[]): Detail[] {
  return watches.flatMap(({ id, what }): Detail[] => {
    if (what === 'records') return id.startsWith('partition:') ? [recordsDetail(world, id)] : [];
    if (what === 'stores') return storesDetail(world, id);
    return what === 'config' ? [configDetail(world, id)] : [];
  });
}
