import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import { count, seconds, shortCount, shortSigned } from '../number-format.ts';
import { boxOf, figure, line, rect, text, type Figure, type Mark } from '../picture/figure.ts';
import { card, lagBar, leaderFlag, replica } from '../picture/glyphs.ts';
import { textWidth } from '../picture/text-width.ts';
import { lagRoom, stationsOf, type LoomContext } from './context.ts';
import { machineX, PAD, rowY } from './layout.ts';
import { homeOf, ownerOf, type PlacedReader } from './reader-rows.ts';
import type { PlacedTopic } from './topic-rows.ts';
import { brokerLabel } from './words.ts';
import { cardWords } from './measures.ts';

/** The partition that is shown in full below the bars: the selected one, or the one that is furthest behind. */
export function pickPartition(context: Omit<LoomContext, 'picked'>, selection: string | null): string | null {
  const topic = expandedTopic(context);
  if (topic === undefined) return null;
  const own = topic.station.partitions.flatMap((p) => p ?? []);
  const chosen = own.find((p) => p.id === selection);
  if (chosen !== undefined) return chosen.id;
  const behind = new Map<string, number>();
  for (const rows of context.lags.values())
    for (const lag of rows.flat()) behind.set(lag.name, (behind.get(lag.name) ?? 0) + lag.done + lag.wait);
  const worst = own.reduce<PartitionEntity | undefined>(
    (a, b) => (a === undefined || (behind.get(b.name) ?? 0) > (behind.get(a.name) ?? 0) ? b : a),
    undefined,
  );
  return worst?.id ?? null;
}

const expandedTopic = (context: Omit<LoomContext, 'picked'>): PlacedTopic | undefined =>
  [...context.layout.placed.values()].find((p): p is PlacedTopic => p.expanded);

/** The picked row again, on the same columns. */
export function pickedFigures(context: LoomContext): readonly Figure[] {
  const topic = expandedTopic(context);
  const y = context.layout.pickedY;
  const p = topic?.station.partitions.find((q) => q?.id === context.picked);
  if (topic === undefined || y === null || p === undefined) return [];
  const readers = stationsOf(context, 'subtopology')
    .concat(stationsOf(context, 'group') as never)
    .filter((r) =>
      context.graph.edges.some((e) => e.from === topic.station.key && e.to === r.station.key),
    ) as readonly PlacedReader[];
  const lags = readers.map((r) =>
    (context.lags.get(r.station.key) ?? []).findIndex((l) => l.some((x) => x.name === p.name)),
  );
  const inputs = [
    context.shape,
    context.scales.lag,
    p,
    ...readers.map((r) => ('group' in r.station ? r.station.group : null)),
  ];
  return context.cache.keep('picked', inputs, () => [
    figure('picked-band', [
      rect(
        boxOf(topic.x - 6, rowY(topic, p.partition) - 3, context.layout.width - PAD - topic.x + 6, 6),
        'ink1',
        2,
      ),
    ]),
    figure('picked', [
      line([PAD, y - 22], [context.layout.width - PAD, y - 22], 'inkl'),
      text(PAD, y + 4.5, `p${p.partition} in full`, 'tb'),
      text(PAD, y + 22, `${count(p.recordsPerSecond)} /s`, 'tt'),
      ...pickedReplicas(context, topic, { p, y }),
      ...readers.flatMap((r, i) => pickedReader(context, r, { row: lags[i] ?? -1, y })),
    ]),
  ]);
}

function pickedReplicas(
  context: LoomContext,
  topic: PlacedTopic,
  { p, y }: { p: PartitionEntity; y: number },
): Mark[] {
  const c = Math.min(18, topic.machinePitch - 2);
  const marks = context.graph.brokers.flatMap((b, i): Mark[] => {
    const middle = machineX(topic, i) + topic.frame / 2;
    const id = b.broker?.brokerId ?? -1;
    if (!p.replicas.includes(id)) return [line([middle - 2.5, y], [middle + 2.5, y], 'thin')];
    if (id === p.leader) return leaderFlag(middle - c / 2, y - c / 2, c);
    return replica(middle - c / 2, y - c / 2, p.isr.includes(id) ? 'sync' : 'out', c);
  });
  const leader = p.leader < 0 ? 'no leader' : `leader ${brokerLabel(p.leader)}`;
  const words = `${leader}, ${p.isr.length} of ${p.replicas.length} in sync`;
  const room = topic.width - 26;
  const classes = textWidth(words, 'tt') <= room ? 'tt m' : 'tt m cond';
  return [...marks, text(topic.x + room / 2, y + 25, words, classes)];
}

function pickedReader(
  context: LoomContext,
  placed: PlacedReader,
  { row, y }: { row: number; y: number },
): Mark[] {
  const lags = context.lags.get(placed.station.key)?.[row];
  const [lag] = lags ?? [];
  if (lag === undefined) return [];
  const { x, width } = lagRoom(placed);
  const scale = context.scales.lag;
  const total = lag.done + lag.wait;
  const long = Math.min(width, total * scale);
  const trend = total >= 100 ? `${seconds(lag.ageMs)}, ${shortSigned(lag.trend)} /s` : 'not far behind';
  const room = placed.x - x - 4;
  const beside = long + 6 + textWidth(shortCount(total), 's12 tb') <= room;
  const number = beside ? '' : `${shortCount(total)}: `;
  const tries = [number + trend, number + seconds(lag.ageMs), shortCount(total)].flatMap((w) => [
    [w, 'tt'] as const,
    [w, 'tt cond'] as const,
  ]);
  const said = tries.find(([w, c]) => textWidth(w, c) <= room);
  return [
    ...lagBar([x, y], { done: lag.done * scale, wait: lag.wait * scale }, { thick: 9 }),
    ...(beside ? [text(x + long + 6, y + 4.5, shortCount(total), 's12 tb')] : []),
    ...(said === undefined ? [] : [text(x, y + 22, said[0], said[1])]),
    ...pickedCard(placed, row, y),
  ];
}

function pickedCard(placed: PlacedReader, row: number, y: number): Mark[] {
  const owner = ownerOf(placed.station, row);
  const home = homeOf(placed.station, owner);
  const words = cardWords(placed.station)[row] ?? '';
  const width = textWidth(words, 's12') + 10;
  const middle = home < 0 ? placed.x + placed.width / 2 : machineX(placed, home) + placed.frame / 2;
  const x = Math.max(placed.x - 6, Math.min(placed.x + placed.width + 6 - width, middle - width / 2));
  const name = placed.station.machines[owner]?.label;
  return [
    ...card(boxOf(x, y - 11, width, 22), words, owner < 0 ? 'waiting' : 'docked'),
    text(x + width / 2, y + 25, name === undefined ? 'unassigned' : `on ${name}`, 'm tt cond'),
  ];
}
