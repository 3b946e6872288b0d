import type { LinkEntity } from '../../../engine/api/frame.ts';
import type { NodeEntity } from '../../../engine/api/entities/node.ts';
import type { ProducerEntity } from '../../../engine/api/entities/producer.ts';
import { count, shortCount } from '../number-format.ts';
import { boxOf, figure, line, path, px, rect, text, type Figure, type Mark } from '../picture/figure.ts';
import { arrowHead, pauseBars } from '../picture/glyphs.ts';
import { describeProducer, statusWord } from '../loom/words.ts';
import { shorten, textWidth } from '../picture/text-width.ts';
import type { LanesContext } from './lanes.ts';
import { laneY } from './layout.ts';

const MOST = 3;
const HEIGHT = 44;

/** The producers of the topic, and their links to the leader. */
export function producingFigures(context: LanesContext): readonly Figure[] {
  const { layout, model, cache } = context;
  const shown = model.producers.slice(0, layout.phone ? 1 : MOST);
  const leader = model.lanes.find((l) => l.leader)?.node;
  const inputs = [
    layout.shape,
    leader,
    model.partition.leader,
    ...shown.flatMap((p) => [p.producer, p.node]),
    ...model.links,
  ];
  return cache.keep('producing', inputs, () => {
    const row = Math.max(
      0,
      model.lanes.findIndex((l) => l.leader),
    );
    const middle = laneY(layout, row) + layout.frameHeight / 2;
    const pitch = 104;
    const top = Math.max(56, Math.min(middle, layout.height - 60) - ((shown.length - 1) * pitch) / 2);
    const rest = model.producers.length - shown.length;
    return [
      ...shown.flatMap(({ producer, node }, i) => {
        const at = layout.phone
          ? { x: 44, y: 30, width: 132 }
          : { x: 14, y: top + i * pitch, width: layout.x > 230 ? 146 : 122 };
        return [
          stadium(at, producer, node),
          ...(layout.phone ? [] : [link(context, { at, node, leader, to: middle })]),
        ];
      }),
      ...(rest > 0
        ? [
            figure('more-producers', [
              layout.phone
                ? text(layout.width - 12, 67, `and ${rest} more`, 'tt e')
                : text(14, layout.height - 100, `and ${rest} more`, 'tt'),
            ]),
          ]
        : []),
    ];
  });
}

interface At {
  readonly x: number;
  /** Middle. */
  readonly y: number;
  readonly width: number;
}

function stadium({ x, y, width }: At, producer: ProducerEntity, node: NodeEntity | undefined): Figure {
  const top = y - HEIGHT / 2;
  const third = width / 3;
  const values = [producer.buffered, producer.inFlight, producer.acknowledged];
  const name = node?.label ?? producer.node;
  const word = node ? statusWord(node) : '';
  const phone = x > 20;
  const number = (v: number): string =>
    textWidth(count(v), 's15 tb') <= third - 8 ? count(v) : shortCount(v);
  const marks: Mark[] = [
    rect(boxOf(x, top, width, HEIGHT), 'inkl fc', HEIGHT / 2),
    line([x + third, top], [x + third, top + HEIGHT], 'thin'),
    line([x + 2 * third, top], [x + 2 * third, top + HEIGHT], 'thin'),
    ...values.map((v, i) =>
      text(
        x + third * (i + 0.5),
        y + 5,
        number(v),
        `m tb ${textWidth(number(v), 's15 tb') <= third - 6 ? 's15' : 's12 cond'}`,
      ),
    ),
    ...['buffered', 'in flight', 'acked'].map((w, i) =>
      text(x + third * (i + 0.5) + (i - 1) * 6, top + HEIGHT + 15, w, 'tt m cond'),
    ),
    ...(phone ? [text(14, y + 6, name, 'tb s15')] : [text(x + width / 2, top - 10, name, 'm s18 tb')]),
  ];
  const after = phone ? x + width + 10 : x + width / 2 + textWidth(name, 's18 tb') / 2 + 8;
  if (word !== '') marks.push(text(after, phone ? y + 5 : top - 10, word, 's12 tb'));
  if (word === 'PAUSED') marks.push(pauseBars(x + 10, top - 14));
  return figure(`producer:${producer.node}`, marks, {
    entity: producer.id,
    label: describeProducer(producer, node),
    box: boxOf(x, top, width, HEIGHT),
  });
}

interface LinkTo {
  readonly at: At;
  readonly node: NodeEntity | undefined;
  readonly leader: NodeEntity | undefined;
  readonly to: number;
}

/** Request above, answer below; or why nothing goes through. */
function link({ layout, model }: LanesContext, { at, node, leader, to }: LinkTo): Figure {
  const x1 = at.x + at.width;
  const x2 = layout.x - 26;
  const broken = brokenBy(model.links, node, leader);
  if (leader === undefined || broken !== '') {
    const words = leader === undefined ? 'no leader' : broken;
    const middle = (x1 + x2) / 2;
    const zig = `l5 8l-8 0l5 8`;
    const label = shorten(words, x2 - x1 + 8, 'tt cond');
    return figure(`link:${node?.id ?? ''}`, [
      path(`M${px(x1)} ${px(at.y)}H${px(middle - 12)}M${px(middle + 12)} ${px(at.y)}H${px(x2)}`, 'frame'),
      path(`M${px(middle - 7)} ${px(at.y - 8)}${zig}M${px(middle + 7)} ${px(at.y - 8)}${zig}`, 'inkl'),
      text(middle, at.y + 26, label, /^[A-Z]/.test(label) ? 'm s12 tb' : 'm tt cond'),
    ]);
  }
  const slope = (y1: number, y2: number): string =>
    `M${px(x1)} ${px(y1)}C${px((x1 + x2) / 2)} ${px(y1)} ${px((x1 + x2) / 2)} ${px(y2)} ${px(x2)} ${px(y2)}`;
  const slow = slowBy(model.links, node, leader);
  return figure(`link:${node?.id ?? ''}`, [
    path(slope(at.y - 8, to - 8), 'frame'),
    arrowHead(x2, to - 8, 'right', 'frame'),
    path(slope(at.y + 14, to + 14), 'frame'),
    arrowHead(x1 + 3, at.y + 14, 'left', 'frame'),
    ...(slow === '' ? [] : [text((x1 + x2) / 2, Math.min(at.y, to) - 18, slow, 'm tt cond')]),
  ]);
}

const joins = (l: LinkEntity, a: NodeEntity | undefined, b: NodeEntity | undefined): boolean =>
  (l.a === a?.id && l.b === b?.id) || (l.a === b?.id && l.b === a?.id);

function brokenBy(
  links: readonly LinkEntity[],
  node: NodeEntity | undefined,
  leader: NodeEntity | undefined,
): string {
  if (node?.status === 'down' || leader?.status === 'down') return 'closed';
  return links.some((l) => l.cut && joins(l, node, leader)) ? 'CUT' : '';
}

function slowBy(
  links: readonly LinkEntity[],
  node: NodeEntity | undefined,
  leader: NodeEntity | undefined,
): string {
  const found = links.find((l) => l.extraMicros > 0 && joins(l, node, leader));
  return found === undefined ? '' : `+${count(found.extraMicros / 1000)} ms`;
}
