import type { ServiceFacts } from '../../../engine/api/entities/group.ts';
import { count } from '../number-format.ts';
import { boxOf, figure, line, text, type Figure, type Mark } from '../picture/figure.ts';
import { arrowHead } from '../picture/glyphs.ts';
import { textWidth } from '../picture/text-width.ts';
import type { LoomContext } from './context.ts';
import { PAD } from './layout.ts';
import type { PlacedReader } from './reader-rows.ts';
import type { TurnedBlock, TurnedLayout } from './turned-layout.ts';

/** What a service outside of the cluster has done for a group, in few words. */
const doneWords = ({ effects, repeated }: ServiceFacts): string =>
  `${count(effects)} done${repeated > 0 ? `, ${count(repeated)} twice` : ''}`;

const DOWN = 43;
const LINE = 14;

/** The service that a group calls stands below its machines: an arrow out of the cluster, its name, what it has done. */
export function serviceFigures(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  const { station } = placed;
  if (station.kind !== 'group' || station.group.service === undefined) return [];
  const { id, service } = station.group;
  const words = doneWords(service);
  return context.cache.keep(`service:${station.key}`, [context.shape, service.name, words], () => {
    const right = Math.min(context.layout.width - PAD, placed.x + placed.width + 12);
    const wide = Math.max(textWidth(service.name, 'tb s12 cond'), textWidth(words, 's12 cond'));
    const y = placed.bottom + DOWN;
    const x = right - wide - 10;
    const twice = service.repeated > 0 ? ' tb' : '';
    const marks: Mark[] = [
      line([x - 16, y - 4], [x - 2, y - 4], 'frame'),
      arrowHead(x, y - 4, 'right', 'frame'),
      text(right, y, service.name, 'e tb s12 cond'),
      text(right, y + LINE, words, `e s12 cond${twice}`),
    ];
    const label = `service ${service.name}, outside of the cluster: ${words}`;
    return [
      figure(`service:${station.key}`, marks, {
        entity: id,
        label,
        box: boxOf(x - 20, y - 13, right - x + 24, 31),
      }),
    ];
  });
}

/** The same in one line, where columns are partitions. */
export function turnedServiceFigures(
  context: LoomContext,
  layout: TurnedLayout,
  { station, machinesEnd }: TurnedBlock,
): readonly Figure[] {
  const service = station.kind === 'group' ? station.group.service : undefined;
  if (service === undefined) return [];
  const words = `calls ${service.name}: ${doneWords(service)}`;
  return context.cache.keep(`turned-service:${station.key}`, [layout.shape, words], () => [
    figure(`service:${station.key}`, [text(layout.x, machinesEnd + 16, words, 's12')], { label: words }),
  ]);
}
