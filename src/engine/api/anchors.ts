/**
 * Steps at which a process can be told to crash, with the program that takes them. What of a step came before has happened
 * (is written, or handed to the network), and nothing of what comes after has.
 *
 * Of an application's instance (`TaskExecutor.commitOffsetsOrTransaction`), in the order of a commit:
 * - `after-process`: a record is processed; what it made is not handed to the producer
 * - `after-state-flush`: stores and caches are flushed; the producer need not have sent what came of it
 * - `after-output-flush`: brokers have acknowledged every record for other topics than changelogs
 * - `after-changelog-flush`: and every record for changelogs
 * - `before-offsets`: the offsets are gathered and not sent
 * - `after-offsets`: they are committed, or under exactly_once_v2 part of the transaction
 * - `before-end-txn`, `after-end-txn`: around the transaction's commit, under exactly_once_v2
 * - `after-commit`: all of it has ended, but for the checkpoint of the stores
 *
 * Of a member of a group that calls a service:
 * - `after-calls`: the service has done what it was called for; no offset of what was worked on is committed
 *
 * Of a broker that coordinates transactions:
 * - `after-prepare-commit`, `after-prepare-abort`: the outcome is decided and replicated; nobody is told and no marker sent
 * - `after-markers`: all markers are written; the end is not noted in `__transaction_state`
 */
export const ANCHORS = {
  'after-process': 'streams-instance',
  'after-state-flush': 'streams-instance',
  'after-output-flush': 'streams-instance',
  'after-changelog-flush': 'streams-instance',
  'before-offsets': 'streams-instance',
  'after-offsets': 'streams-instance',
  'before-end-txn': 'streams-instance',
  'after-end-txn': 'streams-instance',
  'after-commit': 'streams-instance',
  'after-calls': 'consumer',
  'after-prepare-commit': 'broker',
  'after-prepare-abort': 'broker',
  'after-markers': 'broker',
} as const;

export type Anchor = keyof typeof ANCHORS;

/** What the machines that come to a step are called. */
export const WHO_COMES: Readonly<Record<(typeof ANCHORS)[Anchor], string>> = {
  broker: 'brokers',
  'streams-instance': 'instances of applications',
  consumer: 'members of groups',
};

export const ANCHOR_NAMES = Object.keys(ANCHORS) as readonly Anchor[];
