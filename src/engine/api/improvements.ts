/**
 * Improvements of Kafka that a scenario can be without:
 *
 * - `KIP-101` (0.11): followers truncate by leader epochs; before, to their own high watermark.
 * - `KIP-279` (2.0): a leader says of which epoch it tells the end; before, it told an offset only.
 * - `KIP-320` (2.1): consumers know the leader epoch of their position, and leaders compare it; before, an offset was all.
 * - `KIP-447` (2.5): a producer says which member of which generation read what its transaction is made of, and coordinators
 *   turn others away; before, anybody could commit offsets for the group.
 * - `KAFKA-14639` (3.5): the cooperative sticky assignor lets a member that missed a generation keep what it has; before, it
 *   gave that to others at once.
 * - `KAFKA-19999`: a marker that a coordinator sends once more counts as written; before, as one that comes too late.
 */
export const IMPROVEMENTS = [
  'KIP-101',
  'KIP-279',
  'KIP-320',
  'KIP-447',
  'KAFKA-14639',
  'KAFKA-19999',
] as const;

export type Improvement = (typeof IMPROVEMENTS)[number];

/** What a part of a cluster is without; undefined: nothing. */
export type Before = readonly Improvement[] | undefined;

/** Whether something runs as before an improvement. */
export const lacks = (before: Before, improvement: Improvement): boolean =>
  before?.includes(improvement) === true;
