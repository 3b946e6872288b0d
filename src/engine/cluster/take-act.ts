import type { Command, CommandAct } from '../api/command.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Kernel } from '../sim/kernel.ts';
import { refusal } from './commands.ts';
import type { FrameBuilder } from './frame/frame-builder.ts';
import type { Guard } from './guard.ts';
import { shown } from './prelude.ts';
import type { Run } from './run.ts';

/** Commands of a run at most. */
export const COMMANDS_MAX = 5_000;

/** What a simulation is made of, as far as commands concern it. */
interface Parts {
  readonly kernel: Kernel;
  readonly run: Run;
  readonly guard: Guard;
  readonly frames: FrameBuilder;
}

/** Does what a person wants now, or says in one sentence why not (`Simulation.act`). */
export function takeAct({ kernel, run, guard, frames }: Parts, act: CommandAct): Result<Command, string> {
  const refused = refusal(kernel, act);
  if (refused !== undefined) return err(refused);
  const { commands } = run;
  if (commands.length >= COMMANDS_MAX) return err(`A run holds at most ${COMMANDS_MAX} acts.`);
  const id = commands.reduce((highest, command) => Math.max(highest, command.id), 0) + 1;
  const command: Command = { id, at: run.now + 1, act };
  const known = run.furthest > run.now;
  guard.expect([...commands, command].map((one) => one.act));
  run.act(command);
  if (known) frames.reset();
  return ok({ ...command, at: shown(command.at) });
}
