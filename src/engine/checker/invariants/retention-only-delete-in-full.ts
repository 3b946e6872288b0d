import type { Invariant } from '../invariant.ts';
import { holdsNothing, mayBeSkipped } from '../skipping.ts';
import { visitGiven } from './poll-order.ts';
import { RETENTION_ONLY_DELETE } from './retention-only-delete.ts';

/**
 * The same, and who asks for what was deleted is told so: no reader gets from before the start of a log to behind it
 * without OFFSET_OUT_OF_RANGE and `auto.offset.reset`.
 */
export const RETENTION_ONLY_DELETE_IN_FULL: Invariant = {
  ...RETENTION_ONLY_DELETE,
  onPoll(scene, poll) {
    visitGiven(poll, ({ stretch }) => {
      const { name, from, to } = stretch;
      if (from >= to || !mayBeSkipped(scene, stretch) || holdsNothing(scene, stretch)) return;
      const { node } = poll.reader;
      scene.report(this, {
        subject: `${node} ${name}`,
        sentence: `${node} is given ${name} at ${to} where ${from} was next, and was not told that what lies between is deleted.`,
        partition: name,
        offsets: [from, to],
      });
    });
  },
};
