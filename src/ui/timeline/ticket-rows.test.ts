import { expect, test } from 'vitest';
import type { Command } from '../../engine/api/command.ts';
import { ticketRows } from './ticket-rows.ts';

const names = { node: (id: string) => id.toUpperCase() };
const scale = { from: 0, to: 40_000_000, left: 150, width: 1_200 };
const crash = (id: number, seconds: number): Command => ({
  id,
  at: seconds * 1e6,
  act: { type: 'crash', node: `b${id}` },
});
const place = (commands: readonly Command[], most: number) => ticketRows(commands, { scale, names, most });

test('tickets of one moment stand in rows, those with room in the first', () => {
  const placed = place([crash(1, 6), crash(2, 6), crash(3, 6), crash(4, 20)], 3);
  expect(placed.map(({ command, row, shift }) => [command.id, row, shift])).toEqual([
    [1, 0, 0],
    [4, 0, 0],
    [2, 1, 0],
    [3, 2, 0],
  ]);
});

test.each([1, 2, 3])('with %i rows no ticket covers another wholly', (most) => {
  const commands = Array.from({ length: 9 }, (_, i) => crash(i + 1, 6 + Math.floor(i / 4) * 0.01));
  const placed = place(commands, most);
  expect(placed).toHaveLength(9);
  expect(Math.max(...placed.map(({ row }) => row))).toBe(most - 1);
  for (const { room } of placed) expect(room).toBeGreaterThanOrEqual(15.9);
});
