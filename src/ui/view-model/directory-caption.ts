import type { CommandAct } from '../../engine/api/command.ts';
import type { TraceEventData } from '../../engine/api/trace-event.ts';
import { plural } from './number-format.ts';

type DirectoryAct = Extract<CommandAct, { readonly directory: number }>;

/** What a person did to a disk; `node` is the broker's name. Directories are counted from 1 for people. */
export function directoryActSentence(act: DirectoryAct, node: string): string {
  const which = `log directory ${act.directory + 1} of ${node}`;
  if (act.type === 'fail-log-dir') return `You let the disk of ${which} fail.`;
  return act.empty
    ? `You put an empty disk in the place of ${which}; the broker uses it when it starts next.`
    : `You repaired the disk of ${which}: what was written to it is there again when the broker starts next.`;
}

/** The words on a ticket of the timeline. */
export const directoryWords = (act: DirectoryAct, node: string): string =>
  `${act.type === 'fail-log-dir' ? 'fail' : act.empty ? 'replace' : 'repair'} disk ${act.directory + 1} of ${node}`;

export function directorySentence(
  { directory, replicas, halts }: Extract<TraceEventData, { readonly type: 'log-dir-failed' }>,
  self: string,
): string {
  return halts
    ? `${self} halts: its log directory ${directory}, which it cannot do without, has failed.`
    : `${self} cannot use its log directory ${directory} any more and goes on without ${plural(replicas, 'replica')} in it.`;
}

export const moveSentence = (
  {
    type,
    partition,
    directory,
  }: Extract<TraceEventData, { readonly type: 'replica-moving' | 'replica-moved' }>,
  self: string,
): string =>
  type === 'replica-moving'
    ? `${self} copies its replica of ${partition} into its log directory ${directory}.`
    : `${self} has its replica of ${partition} in its log directory ${directory} now and deletes the old one.`;
