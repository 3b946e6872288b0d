import type { Command } from '../../engine/api/command.ts';
import type { SimTime } from '../../engine/base/time.ts';

type Commands = readonly Command[];

/** The same commands with one of them moved or switched. */
export const changeTicket = (
  commands: Commands,
  id: number,
  change: { readonly at?: SimTime; readonly disabled?: boolean },
): Commands => commands.map((command) => (command.id === id ? { ...command, ...change } : command));

export const deleteTicket = (commands: Commands, id: number): Commands =>
  commands.filter((command) => command.id !== id);
