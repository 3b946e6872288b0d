import type { Command } from '../../engine/api/command.ts';

type Commands = readonly Command[];

/** Lists of commands that were in force before and after: undo re-simulates with the earlier one. */
export interface UndoState {
  readonly past: readonly Commands[];
  readonly future: readonly Commands[];
  /** The scenario itself was changed: how to go to the one before, and to the one after. */
  readonly before?: () => void;
  readonly after?: () => void;
}

export const NOTHING_TO_UNDO: UndoState = { past: [], future: [] };

const DEPTH = 200;

export const remember = (undo: UndoState, before: Commands): UndoState => ({
  past: [...undo.past, before].slice(-DEPTH),
  future: [],
  ...(undo.before && { before: undo.before }),
});

interface Turn {
  readonly commands: Commands;
  readonly undo: UndoState;
}

/** What to go back to, and the stacks after that. */
export function turnBack(undo: UndoState, present: Commands): Turn | null {
  const commands = undo.past.at(-1);
  if (commands === undefined) return null;
  return { commands, undo: { ...undo, past: undo.past.slice(0, -1), future: [...undo.future, present] } };
}

export function turnForth(undo: UndoState, present: Commands): Turn | null {
  const commands = undo.future.at(-1);
  if (commands === undefined) return null;
  return { commands, undo: { ...undo, past: [...undo.past, present], future: undo.future.slice(0, -1) } };
}
