import { adminWords } from '../../engine/api/admin-act.ts';
import type { CommandAct, ConfigTarget } from '../../engine/api/command.ts';
import { ownerName } from '../../engine/api/quota.ts';
import { crashAtSentence, crashAtWords } from './anchor-caption.ts';
import type { Names } from './caption.ts';
import { directoryActSentence, directoryWords } from './directory-caption.ts';
import { count } from './number-format.ts';

/** What a person did, as a sentence. */
export function actSentence(act: CommandAct, names: Names): string {
  switch (act.type) {
    case 'crash':
      return `You crashed ${names.node(act.node)}: its memory is lost, its disk is kept.`;
    case 'crash-at':
      return crashAtSentence(act, names.node(act.node));
    case 'power-off':
      return `You cut the power of ${names.node(act.node)}: what was not flushed is lost too.`;
    case 'shut-down':
      return `You asked ${names.node(act.node)} to shut down.`;
    case 'start':
      return `You started ${names.node(act.node)} again.`;
    case 'pause':
      return `You paused ${names.node(act.node)}: it holds everything and answers nothing.`;
    case 'resume':
      return `You let ${names.node(act.node)} go on.`;
    case 'fail-log-dir':
    case 'repair-log-dir':
      return directoryActSentence(act, names.node(act.node));
    case 'cut-link':
      return `You cut the link between ${names.node(act.a)} and ${names.node(act.b)}.`;
    case 'heal-link':
      return `You healed the link between ${names.node(act.a)} and ${names.node(act.b)}.`;
    case 'slow-link':
      return act.extraMicros === 0
        ? `You took the delay between ${names.node(act.a)} and ${names.node(act.b)} away.`
        : `You slowed the link between ${names.node(act.a)} and ${names.node(act.b)} by ${count(act.extraMicros / 1000)} ms.`;
    case 'set-config':
      return act.value === null
        ? `You set ${act.key}${ofTarget(act.target, names)} back to its default.`
        : `You set ${act.key}${ofTarget(act.target, names)} to ${act.value}.`;
    case 'set-quota':
      return act.value === null
        ? `You took the quota ${act.key} of ${ownerName(act)} away.`
        : `You set the quota ${act.key} of ${ownerName(act)} to ${count(act.value)}.`;
    default:
      return `You asked the cluster: ${adminWords(act)}.`;
  }
}

function ofTarget(target: ConfigTarget, names: Names): string {
  if (target.kind === 'topic') return ` of ${target.topic}`;
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
    case 'shut-down':
      return `shut down ${names.node(act.node)}`;
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
    default:
      return adminWords(act);
  }
}
