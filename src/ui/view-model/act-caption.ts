import { adminWords } from '../../engine/api/admin-act.ts';
import type { CommandAct, ConfigTarget } from '../../engine/api/command.ts';
import { queryWords } from '../../engine/api/query-act.ts';
import { ownerName } from '../../engine/api/quota.ts';
import { crashAtSentence, crashAtWords } from './anchor-caption.ts';
import type { Names } from './caption.ts';
import { directoryActSentence, directoryWords } from './directory-caption.ts';
import { count } from './number-format.ts';

/** What was done, by a person or by the scenario, as a sentence. */
export function actSentence(act: CommandAct, names: Names): string {
  switch (act.type) {
    case 'crash':
      return `${names.node(act.node)} crashes: its memory is lost, its disk is kept.`;
    case 'crash-at':
      return crashAtSentence(act, names.node(act.node));
    case 'power-off':
      return `The power of ${names.node(act.node)} is cut: what was not flushed is lost too.`;
    case 'wipe-disk':
      return `${names.node(act.node)} is lost with its disk; it starts again with an empty one.`;
    case 'shut-down':
      return `${names.node(act.node)} is asked to shut down.`;
    case 'start':
      return `${names.node(act.node)} is started again.`;
    case 'add-stream-thread':
      return `${names.node(act.node)} is asked for one more stream thread.`;
    case 'remove-stream-thread':
      return `${names.node(act.node)} is asked to do with one stream thread less.`;
    case 'pause':
      return `${names.node(act.node)} is paused: it holds everything and answers nothing.`;
    case 'resume':
      return `${names.node(act.node)} goes on.`;
    case 'fail-log-dir':
    case 'repair-log-dir':
      return directoryActSentence(act, names.node(act.node));
    case 'cut-link':
      return `The link between ${names.node(act.a)} and ${names.node(act.b)} is cut.`;
    case 'heal-link':
      return `The link between ${names.node(act.a)} and ${names.node(act.b)} is healed.`;
    case 'slow-link':
      return act.extraMicros === 0
        ? `The delay between ${names.node(act.a)} and ${names.node(act.b)} is taken away.`
        : `The link between ${names.node(act.a)} and ${names.node(act.b)} is slowed by ${count(act.extraMicros / 1000)} ms.`;
    case 'set-config':
      return act.value === null
        ? `${act.key}${ofTarget(act.target, names)} is set back to its default.`
        : `${act.key}${ofTarget(act.target, names)} is set to ${act.value}.`;
    case 'set-quota':
      return act.value === null
        ? `The quota ${act.key} of ${ownerName(act)} is taken away.`
        : `The quota ${act.key} of ${ownerName(act)} is set to ${count(act.value)}.`;
    case 'query':
      return `The REST client sends: ${queryWords(act)}.`;
    default:
      return `The operator asks the cluster: ${adminWords(act)}.`;
  }
}

function ofTarget(target: ConfigTarget, names: Names): string {
  if (target.kind === 'topic') return ` of ${target.topic}`;
  if (target.kind === 'group') return ` of group ${target.group}`;
  return 'node' in target ? ` of ${names.node(target.node)}` : ' of all brokers';
}

/** The words on a ticket of the timeline. */
export function ticketWords(act: CommandAct, names: Names): string {
  switch (act.type) {
    case 'crash':
    case 'start':
    case 'pause':
    case 'resume':
      return `${act.type} ${names.node(act.node)}`;
    case 'crash-at':
      return crashAtWords(act, names.node(act.node));
    case 'power-off':
      return `power off ${names.node(act.node)}`;
    case 'wipe-disk':
      return `wipe ${names.node(act.node)}`;
    case 'shut-down':
      return `shut down ${names.node(act.node)}`;
    case 'add-stream-thread':
      return `add thread to ${names.node(act.node)}`;
    case 'remove-stream-thread':
      return `remove thread of ${names.node(act.node)}`;
    case 'fail-log-dir':
    case 'repair-log-dir':
      return directoryWords(act, names.node(act.node));
    case 'cut-link':
    case 'heal-link':
      return `${act.type.slice(0, -5)} ${names.node(act.a)}–${names.node(act.b)}`;
    case 'slow-link':
      return `slow ${names.node(act.a)}–${names.node(act.b)} +${count(act.extraMicros / 1000)} ms`;
    case 'set-config':
      return `${act.key} = ${act.value ?? 'default'}`;
    case 'set-quota':
      return `${act.key} = ${act.value === null ? 'none' : count(act.value)}`;
    case 'query':
      return queryWords(act);
    default:
      return adminWords(act);
  }
}
