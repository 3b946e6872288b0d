import type { CommandAct } from '../../engine/api/command.ts';
import type { TraceEventData } from '../../engine/api/trace-event.ts';
import { plural } from './number-format.ts';

type DirectoryAct = Extract<CommandAct, { readonly directory: number }>;

/** What was done to a disk; `node` is the broker's name. Directories are counted from 1 for people. */
export function directoryActSentence(act: DirectoryAct, node: string): string {
  const which = `log directory ${act.directory + 1} of ${node}`;
  if (act.type === 'fail-log-dir') return `The disk of ${which} fails.`;
  return act.empty
    ? `An empty disk takes the place of ${which}; the broker uses it when it starts next.`
    : `The disk of ${which} is repaired: what was written to it is there again when the broker starts next.`;
}

/** The words on a ticket of the timeline. */
export const directoryWords = (act: DirectoryAct, node: string): string =>
  `${act.type === 'fail-log-dir' ? 'fail' : act.empty ? 'replace' : 'repair'} disk ${act.directory + 1} of ${node}`;

type DirectoryEvent = Extract<TraceEventData, { readonly directory: string }>;

export function directorySentence(event: DirectoryEvent, self: string): string {
  const { directory } = event;
  switch (event.type) {
    case 'replica-moving':
      return `${self} copies its replica of ${event.partition} into its log directory ${directory}.`;
    case 'replica-moved':
      return `${self} has its replica of ${event.partition} in its log directory ${directory} now; the old one is deleted.`;
    case 'log-dir-failed':
      return event.halts
        ? `${self} halts: its log directory ${directory}, which it cannot do without, has failed.`
        : `${self} cannot use its log directory ${directory} any more and goes on without ${plural(event.replicas, 'replica')} in it.`;
  }
}
