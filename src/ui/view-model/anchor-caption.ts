import type { Anchor } from '../../engine/api/anchors.ts';
import type { CommandAct } from '../../engine/api/command.ts';
import { plural } from './number-format.ts';

type CrashAt = Extract<CommandAct, { readonly type: 'crash-at' }>;

/** What stands done and what undone when a process crashes at a step. */
interface Step {
  /** Ends a sentence that begins with the process: “… crashed when …”. */
  readonly when: string;
  /** What the next life, or who takes over, finds. */
  readonly finds: string;
}

export const STEPS: Readonly<Record<Anchor, Step>> = {
  'after-process': {
    when: 'a record was processed and what it made not handed to the producer',
    finds: 'Nothing of that record is in any log.',
  },
  'after-state-flush': {
    when: 'stores and caches were flushed',
    finds: 'What came of it may have reached the brokers or not; no offset is committed.',
  },
  'after-output-flush': {
    when: 'all output was acknowledged, before its flush had ended',
    finds: 'The output is in the logs, its changelog records perhaps, its offsets not.',
  },
  'after-changelog-flush': {
    when: 'all output and all changelog records were acknowledged, before the offsets',
    finds: 'Results and state are in the logs, and the input still counts as unread.',
  },
  'before-offsets': {
    when: 'the offsets were gathered and not sent',
    finds: 'Results and state are in the logs, and the input still counts as unread.',
  },
  'after-offsets': {
    when: 'the offsets were taken',
    finds:
      'At least once, they are committed; exactly once, they are part of a transaction that is open still.',
  },
  'before-end-txn': {
    when: 'everything was in the transaction, before EndTxn',
    finds: 'The transaction is open: it will be aborted, and all of it taken back.',
  },
  'after-end-txn': {
    when: 'EndTxn was answered',
    finds: 'The transaction is decided: all of it counts, though the process did not live to note it.',
  },
  'after-commit': {
    when: 'the commit had ended',
    finds: 'All of it counts.',
  },
  'after-calls': {
    when: 'the service had done what it was called for, before the offsets were committed',
    finds: 'The records count as unread: whoever reads them next calls for them again.',
  },
  'after-prepare-commit': {
    when: 'PREPARE_COMMIT was replicated, before anybody was told and any marker sent',
    finds: 'The transaction is decided; who coordinates it next writes the markers.',
  },
  'after-prepare-abort': {
    when: 'PREPARE_ABORT was replicated, before anybody was told and any marker sent',
    finds: 'The transaction is decided; who coordinates it next writes the markers.',
  },
  'after-markers': {
    when: 'all markers were written, before the end was noted',
    finds: 'Who coordinates the transaction next writes the markers once more.',
  },
};

/** What was asked for; `node` is the machine's name. */
export function crashAtSentence({ anchor, passes }: CrashAt, node: string): string {
  const later = passes === 0 ? '' : `, after passing it ${plural(passes, 'time')}`;
  return `${node} is to crash at the step ${anchor}${later}.`;
}

/** The words on a ticket of the timeline. */
export const crashAtWords = ({ anchor, passes }: CrashAt, node: string): string =>
  `crash ${node} at ${anchor}${passes === 0 ? '' : ` no. ${passes + 1}`}`;

export const crashedSentence = (anchor: Anchor, node: string): string =>
  `${node} crashed when ${STEPS[anchor].when}. ${STEPS[anchor].finds}`;
