import type { Command } from '../../engine/api/command.ts';
import type { SimTime } from '../../engine/base/time.ts';
import type { CommandChange } from './actions.ts';

const changed =
  (id: number, change: (command: Command) => Command): CommandChange =>
  (commands) =>
    commands.map((command) => (command.id === id ? change(command) : command));

export const moveTicket = (id: number, at: SimTime): CommandChange =>
  changed(id, (command) => ({ ...command, at }));

/** Switches a command off, or on again. */
export const switchTicket = (id: number): CommandChange =>
  changed(id, (command) => ({ ...command, disabled: command.disabled !== true }));

export const deleteTicket =
  (id: number): CommandChange =>
  (commands) =>
    commands.filter((command) => command.id !== id);
