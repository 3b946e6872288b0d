import { StreamsError } from '../task/streams-error.ts';
import type { StreamJoinNode } from '../topology/topology-node.ts';

/** A right record at t' matches a left one at t when `t − before <= t' <= t + after`. Milliseconds. */
export interface JoinWindows {
  readonly before: number;
  readonly after: number;
  readonly grace: number;
}

/**
 * Throws the `IllegalArgumentException` of `JoinWindows`. Windows of unlike sides are made from symmetric ones, which have
 * refused a negative grace before the interval is looked at.
 */
export function joinWindowsOf({ before, after, grace = 0 }: StreamJoinNode['window']): JoinWindows {
  const interval = 'Window interval (ie, beforeMs+afterMs) must not be negative.';
  const refused = before + after < 0 && (before === after || grace >= 0);
  if (refused) throw new StreamsError('IllegalArgumentException', interval);
  if (grace < 0) throw new StreamsError('IllegalArgumentException', 'Grace period must not be negative.');
  return { before, after, grace };
}
