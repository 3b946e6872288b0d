import type { Packet } from '../../../engine/api/frame.ts';
import { count, plural } from '../number-format.ts';
import { figure, line, text, type Figure, type Mark } from '../picture/figure.ts';
import { shorten } from '../picture/text-width.ts';
import type { LanesContext } from './lanes.ts';

const LINES = 3;

/** Messages under way for this partition, in words. */
export function flightFigures(
  context: LanesContext,
  packets: readonly Packet[],
  at: number,
): readonly Figure[] {
  const { layout, model } = context;
  const y = layout.flightsY;
  const own = packets.filter((p) => p.partitions.includes(model.partition.name));
  if (layout.phone) return phoneFlight(context, own, at);
  if (y === null) return [];
  const marks: Mark[] = [
    line([16, y - 22], [layout.width - 16, y - 22], 'hair'),
    text(16, y, `In flight ${own.length}`, 'tb'),
  ];
  own.slice(0, LINES).forEach((p, i) => {
    marks.push(text(112, y + i * 18, p.response ? 'Reply' : p.api, ''));
    marks.push(text(190, y + i * 18, shorten(words(context, p, at), layout.width - 206, 't2'), 't2'));
  });
  if (own.length === 0) marks.push(text(112, y, 'nothing for this partition', 't2'));
  return [figure('flights', marks)];
}

/** One line beside the producer has to do. */
function phoneFlight(context: LanesContext, own: readonly Packet[], at: number): Figure[] {
  const [first] = own;
  if (first === undefined) return [];
  const room = context.layout.width - 198;
  const [what = '', ...rest] = words(context, first, at).split(', ').slice(-2);
  const lines = [`${first.response ? 'Reply' : first.api}, ${what}`, ...rest];
  return [
    figure(
      'flights',
      lines.map((l, i) => text(190, 26 + i * 17, shorten(l, room, i ? 'tt' : ''), i ? 'tt' : '')),
    ),
  ];
}

function words(context: LanesContext, p: Packet, at: number): string {
  const records = p.records > 0 ? `${plural(p.records, 'record')}, ` : '';
  const what = p.response ? `to ${p.api}, ` : '';
  const whole = (p.arrivesAt - p.sentAt) / 1000;
  const elapsed = Math.max(0, Math.min(whole, (at - p.sentAt) / 1000));
  const ms = (n: number): string => (whole < 10 ? n.toFixed(1) : count(n));
  return `${what}${records}${context.label(p.from)} to ${context.label(p.to)}, ${ms(elapsed)} of ${ms(whole)} ms`;
}
