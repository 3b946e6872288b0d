import type { LinkEntity } from '../../api/frame.ts';
import type { World } from '../world.ts';

/** Links that are not as they should be, each once. */
export function troubledLinks(world: World): LinkEntity[] {
  const entities: LinkEntity[] = [];
  for (const [key, link] of world.kernel.state.network.links) {
    const [a = '', b = ''] = key.split('>');
    const back = world.kernel.state.network.links.get(`${b}>${a}`);
    if (a > b && back !== undefined) continue;
    const cut = link.cut || back?.cut === true;
    const extraMicros = Math.max(link.extraMicros, back?.extraMicros ?? 0);
    const held = link.held.length + (back?.held.length ?? 0);
    if (!cut && extraMicros === 0 && held === 0) continue;
    const [first, second] = a < b ? [a, b] : [b, a];
    entities.push({
      kind: 'link',
      id: `link:${first}~${second}`,
      a: first,
      b: second,
      cut,
      extraMicros,
      held,
    });
  }
  return entities;
}
