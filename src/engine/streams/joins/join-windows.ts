import { StreamsError } from '../task/streams-error.ts';
import type { StreamJoinNode } from '../topology/topology-node.ts';

/** A right record at t' matches a left one at t when `t − before <= t' <= t + after`. Milliseconds. */
export interface JoinWindows {
  readonly before: number;
  readonly after: number;
  readonly grace: number;
}

/** Throws the `IllegalArgumentException` of `JoinWindows` for windows without extent in time. */
export function joinWindowsOf({ before, after, grace = 0 }: StreamJoinNode['window']): JoinWindows {
  if (before + after < 0)
    throw new StreamsError(
      'IllegalArgumentException',
      'Window interval (ie, beforeMs+afterMs) must not be negative.',
    );
  if (grace < 0) throw new StreamsError('IllegalArgumentException', 'Grace period must not be negative.');
  return { before, after, grace };
}
