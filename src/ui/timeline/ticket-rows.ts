import type { Command } from '../../engine/api/command.ts';
import { ticketWords } from '../view-model/act-caption.ts';
import type { Names } from '../view-model/caption.ts';
import { textWidth } from '../view-model/picture/text-width.ts';
import { inView, xOf, type Scale } from './scale.ts';

export interface PlacedTicket {
  readonly command: Command;
  readonly row: number;
  /** Pixels from its moment to the right, where tickets of its row stand on the same spot. */
  readonly shift: number;
  /** Pixels to the next ticket of its row. */
  readonly room: number;
  /** Where its words end. */
  readonly end: number;
}

/** A ticket gives way to a further row before less than this is seen of it. */
const WORDS_MOST = 96;
/** Frame and notch around the words. */
const AROUND = 22;
/** What is seen of a ticket in any case. */
const LEAST = 16;

/** The tickets in view, in as few rows as let all be read, and in no more than `most`; then at least an edge of each is free. */
export function ticketRows(
  commands: readonly Command[],
  { scale, names, most }: { readonly scale: Scale; readonly names: Names; readonly most: number },
): readonly PlacedTicket[] {
  const rows: { command: Command; left: number; end: number }[][] = [];
  const inOrder = commands.filter(({ at }) => inView(scale, at)).sort((a, b) => a.at - b.at || a.id - b.id);
  for (const command of inOrder) {
    const x = xOf(scale, command.at);
    const row = rowFor(rows, x, most);
    const left = Math.max(x, (row.at(-1)?.left ?? -LEAST) + LEAST);
    const words = textWidth(ticketWords(command.act, names), 's12');
    row.push({ command, left, end: left + Math.min(words, WORDS_MOST) + AROUND });
  }
  return rows.flatMap((row, index) =>
    row.map(({ command, left, end }, i) => ({
      command,
      row: index,
      shift: left - xOf(scale, command.at),
      room: (row[i + 1]?.left ?? Infinity) - left,
      end,
    })),
  );
}

/** The first row that is free there, else a new one, else the one that was free first. */
function rowFor<T extends { readonly end: number }>(rows: T[][], x: number, most: number): T[] {
  const end = (row: T[]): number => row.at(-1)?.end ?? 0;
  const free = rows.find((row) => end(row) <= x);
  if (free !== undefined) return free;
  if (rows.length < most) {
    const added: T[] = [];
    rows.push(added);
    return added;
  }
  return rows.reduce((a, b) => (end(b) < end(a) ? b : a));
}
