import { memberNode, type BrokerId, type NodeId } from '../../engine/api/ids.ts';
import type { TraceEvent, TraceEventData } from '../../engine/api/trace-event.ts';
import { connectionSentence } from './connection-caption.ts';
import { actSentence } from './act-caption.ts';
import { crashedSentence } from './anchor-caption.ts';
import { directorySentence } from './directory-caption.ts';
import { isShareEvent, shareSentence, type ShareEvent } from './share-caption.ts';
import { lossSentence } from './loss-caption.ts';
import { count, plural } from './number-format.ts';
import { isQueryEvent, querySentence, type QueryEvent } from './query-caption.ts';
import { transactionSentence } from './transaction-caption.ts';

/** What machines are called on the stage. */
export interface Names {
  readonly node: (id: NodeId) => string;
  /** Who writes under a transactional id, where the id says nothing to a person; without it ids stand for themselves. */
  readonly transaction?: (id: string) => string;
  /** Who writes under a producer id, as far as a coordinator knows; without it the number stands. */
  readonly writer?: (producerId: number) => string;
  /** Whether the machine is an instance of several stream threads; without it none is. */
  readonly hasThreads?: (id: NodeId) => boolean;
}

type Of<T extends TraceEventData['type']> = Extract<TraceEventData, { readonly type: T }>;

/** `B2`; −1 is nobody. */
export const brokerName = (id: BrokerId): string => (id < 0 ? 'nobody' : `B${id}`);

/** `B1`, `B1 and B2`, `B1, B2 and B3`. */
export function listed(items: readonly string[], none = 'none'): string {
  const last = items.at(-1);
  if (last === undefined) return none;
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** One sentence on what just happened, in the field's own words. */
export function caption({ data, node }: TraceEvent, names: Names): string {
  const self = threadWords(names.node(node), data.thread);
  if (isShareEvent(data)) return shareSentence(data, names);
  if (isQueryEvent(data)) return querySentence(data, self);
  return data.type === 'service-called' ? calledSentence(data, self) : sentence(data, self, names);
}

/** `V1 thread 2`, or `V1`. */
export const threadWords = (node: string, thread: number | undefined): string =>
  thread === undefined ? node : `${node} thread ${thread}`;

type Other = Exclude<TraceEventData, ShareEvent | QueryEvent | Of<'service-called'>>;

function sentence(data: Other, self: string, names: Names): string {
  switch (data.type) {
    case 'command':
    case 'act-refused':
    case 'tool-answered':
      return operatorSentence(data, names);
    case 'controller-elected':
      return `${self} is the active controller now, epoch ${data.epoch}.`;
    case 'broker-registered':
    case 'broker-unfenced':
    case 'broker-fenced':
    case 'controlled-shutdown-begun':
    case 'controlled-shutdown-allowed':
    case 'topic-created':
    case 'leader-elected':
    case 'isr-changed':
    case 'config-changed':
      return controllerSentence(data);
    case 'became-leader':
    case 'became-follower':
    case 'log-truncated':
    case 'log-cleaned':
    case 'batch-appended':
    case 'duplicate-answered':
    case 'produce-refused':
      return brokerSentence(data, self);
    case 'rebalance-begun':
    case 'generation-began':
    case 'member-removed':
    case 'group-empty':
    case 'partitions-assigned':
    case 'partitions-revoked':
    case 'offsets-committed':
    case 'commit-failed':
    case 'offset-reset':
      return groupSentence(data, self, names);
    case 'records-lost':
      return lossSentence(data);
    case 'transaction-changed':
    case 'marker-appended':
      return transactionSentence(data, self, names);
    case 'batch-sent':
    case 'batch-acknowledged':
    case 'batch-retried':
    case 'batch-failed':
    case 'send-refused':
    case 'client-failed':
    case 'crashed-at':
    case 'tape-ended':
      return clientSentence(data, self);
    case 'log-dir-failed':
    case 'replica-moving':
    case 'replica-moved':
      return directorySentence(data, self);
    default:
      return 'peer' in data
        ? connectionSentence(data, self, names.node(data.peer))
        : streamsSentence(data, self);
  }
}

function operatorSentence(
  data: Of<'command'> | Of<'act-refused'> | Of<'tool-answered'>,
  names: Names,
): string {
  switch (data.type) {
    case 'command':
      return actSentence(data.act, names);
    case 'act-refused':
      return `An act of the scenario has no effect. ${data.why}`;
    case 'tool-answered':
      return `${data.tool}: ${data.error === null ? '' : `${data.error}. `}${data.message}`;
  }
}

function controllerSentence(
  data:
    | Of<'broker-registered'>
    | Of<'broker-unfenced'>
    | Of<'broker-fenced'>
    | Of<'controlled-shutdown-begun'>
    | Of<'controlled-shutdown-allowed'>
    | Of<'topic-created'>
    | Of<'leader-elected'>
    | Of<'isr-changed'>
    | Of<'config-changed'>,
): string {
  switch (data.type) {
    case 'broker-registered':
      return `${brokerName(data.broker)} registers with the controller, broker epoch ${count(data.brokerEpoch)}.`;
    case 'broker-unfenced':
      return `${brokerName(data.broker)} is unfenced: it may lead and serve.`;
    case 'broker-fenced':
      return `The controller fences ${brokerName(data.broker)}: ${FENCED[data.reason]}.`;
    case 'controlled-shutdown-begun':
      return `${brokerName(data.broker)} wants to stop; the controller moves ${plural(data.leads, 'leader')} away first.`;
    case 'controlled-shutdown-allowed':
      return `${brokerName(data.broker)} leads nothing any more and may stop.`;
    case 'topic-created':
      return `Topic ${data.topic} is created with ${plural(data.partitions, 'partition')}.`;
    case 'leader-elected':
      return electionSentence(data);
    case 'isr-changed':
      return isrSentence(data);
    case 'config-changed':
      return data.value === null
        ? `${data.key} of ${data.target} is back at its default.`
        : `${data.key} of ${data.target} is ${data.value} now.`;
  }
}

const FENCED: Readonly<Record<Of<'broker-fenced'>['reason'], string>> = {
  'session expired': 'no heartbeat arrived within its session',
  asked: 'it asked to stop',
  'new incarnation': 'it came back as a new incarnation',
};

function electionSentence({ partition, from, to, leaderEpoch, unclean }: Of<'leader-elected'>): string {
  if (to < 0) return `${partition} has no leader: nobody in sync is left. Epoch ${leaderEpoch}.`;
  const how = unclean ? ', an unclean election' : '';
  if (from < 0) return `${brokerName(to)} becomes leader of ${partition} in epoch ${leaderEpoch}${how}.`;
  return `${partition} moves from ${brokerName(from)} to ${brokerName(to)}, leader epoch ${leaderEpoch}${how}.`;
}

function isrSentence({ partition, before, after }: Of<'isr-changed'>): string {
  const gone = before.filter((broker) => !after.includes(broker)).map(brokerName);
  const came = after.filter((broker) => !before.includes(broker)).map(brokerName);
  const now = `in sync: ${listed(after.map(brokerName))}`;
  if (came.length === 0)
    return `${listed(gone)} ${gone.length === 1 ? 'falls' : 'fall'} out of sync on ${partition}; ${now}.`;
  if (gone.length === 0)
    return `${listed(came)} ${came.length === 1 ? 'is' : 'are'} back in sync on ${partition}; ${now}.`;
  return `The in-sync replicas of ${partition} change: ${now}.`;
}

function brokerSentence(
  data:
    | Of<'became-leader'>
    | Of<'became-follower'>
    | Of<'log-truncated'>
    | Of<'log-cleaned'>
    | Of<'batch-appended'>
    | Of<'duplicate-answered'>
    | Of<'produce-refused'>,
  self: string,
): string {
  switch (data.type) {
    case 'became-leader':
      return `${self} leads ${data.partition} from offset ${count(data.startOffset)} on, epoch ${data.leaderEpoch}.`;
    case 'became-follower':
      return data.leader < 0
        ? `${self} follows ${data.partition}, which has no leader, epoch ${data.leaderEpoch}.`
        : `${self} follows ${brokerName(data.leader)} on ${data.partition}, epoch ${data.leaderEpoch}.`;
    case 'log-truncated':
      return truncationSentence(data, self);
    case 'log-cleaned':
      return `${self} cleans its log of ${data.partition} up to offset ${count(data.upTo)}: ${count(data.bytesBefore)} bytes become ${count(data.bytesAfter)}.`;
    case 'batch-appended':
      return `${self} appends ${plural(data.count, 'record')} to ${data.partition} at offset ${count(data.baseOffset)}.`;
    case 'duplicate-answered':
      return `${self} already has this batch at offset ${count(data.baseOffset)} of ${data.partition} and answers without writing it again.`;
    case 'produce-refused':
      return `${self} refuses a write to ${data.partition}: ${data.error}.`;
  }
}

function truncationSentence({ partition, from, to, committed }: Of<'log-truncated'>, self: string): string {
  const what = from - to === 1 ? `offset ${count(to)}` : `offsets ${count(to)} to ${count(from - 1)}`;
  const harm = committed ? ' They were committed: an acknowledged record is gone.' : '';
  return `${self} cuts its log of ${partition} back to ${count(to)}: ${what} ${from - to === 1 ? 'is' : 'are'} dropped.${harm}`;
}

function groupSentence(
  data:
    | Of<'rebalance-begun'>
    | Of<'generation-began'>
    | Of<'member-removed'>
    | Of<'group-empty'>
    | Of<'partitions-assigned'>
    | Of<'partitions-revoked'>
    | Of<'offsets-committed'>
    | Of<'commit-failed'>
    | Of<'offset-reset'>,
  self: string,
  names: Names,
): string {
  switch (data.type) {
    case 'rebalance-begun':
      return `Group ${data.group} rebalances: ${lowerFirst(withoutIds(data.reason, names))}.`;
    case 'generation-began':
      return `Group ${data.group} begins generation ${data.generation} with ${plural(data.members, 'member')}.`;
    case 'member-removed':
      return `${memberName(data.member, names)} is taken out of group ${data.group}: ${REMOVED[data.reason]}.`;
    case 'group-empty':
      return `Group ${data.group} has no members left.`;
    case 'partitions-assigned':
      return `${self} is given ${listed(data.partitions, 'no partitions')}.`;
    case 'partitions-revoked':
      return `${self} ${data.lost ? 'has lost' : 'gives back'} ${listed(data.partitions, 'no partitions')}.`;
    case 'offsets-committed':
      return `${self} commits ${plural(data.offsets, 'offset')} for group ${data.group}.`;
    case 'commit-failed':
      return LOST_THE_GROUP.has(data.error)
        ? `A commit of ${self} is refused: ${data.error}. What it read since its last one is read again by others.`
        : `A commit of ${self} fails: ${data.error}. Its next one covers the same reads, if it lives so long.`;
    case 'offset-reset':
      return `${self} has no valid position on ${data.partition} and begins at offset ${count(data.to)}.`;
  }
}

const REMOVED: Readonly<Record<Of<'member-removed'>['reason'], string>> = {
  'session expired': 'no heartbeat arrived within its session',
  left: 'it left',
  'did not rejoin': 'it did not rejoin in time',
  'did not sync': 'it did not ask for its assignment in time',
  'did not revoke': 'it did not give up partitions in time',
};

/** After these the partitions are somebody else's. */
const LOST_THE_GROUP: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
  'STALE_MEMBER_EPOCH',
  'FENCED_MEMBER_EPOCH',
  'REBALANCE_IN_PROGRESS',
]);

/**
 * A member id: the client's and a random part. The client is the machine; of a stream thread it is the application, the
 * process, which begins with the number of the instance, and the thread.
 */
const MEMBER_ID =
  /\b([a-z0-9-]+?)-([0-9a-f]{8})(?:-[0-9a-f]{2,})+(?:-StreamThread-(\d+)(?:-consumer(?:-[0-9a-f]{2,}){0,5})?)?\b/g;

/** Members by the names of their machines, and by their threads where there are several. */
const withoutIds = (text: string, names: Names): string =>
  text.replace(MEMBER_ID, (_, client: string, first: string, thread?: string) => {
    if (thread === undefined) return names.node(client);
    const node = memberNode(client, Number(first));
    return threadWords(names.node(node), names.hasThreads?.(node) === true ? Number(thread) : undefined);
  });

function memberName(member: string, names: Names): string {
  const named = withoutIds(member, names);
  return named === member ? names.node(/^(.*?)-[0-9a-f]{4,}/.exec(member)?.[1] ?? member) : named;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');

const calledSentence = (
  { service, partition, offset, idempotencyKey }: Of<'service-called'>,
  self: string,
): string =>
  `${self} calls ${service} for offset ${count(offset)} of ${partition}, ${idempotencyKey === null ? 'without an idempotency key' : `with the idempotency key ${idempotencyKey}`}.`;

function clientSentence(
  data:
    | Of<'batch-sent'>
    | Of<'batch-acknowledged'>
    | Of<'batch-retried'>
    | Of<'batch-failed'>
    | Of<'send-refused'>
    | Of<'client-failed'>
    | Of<'crashed-at'>
    | Of<'tape-ended'>,
  self: string,
): string {
  switch (data.type) {
    case 'crashed-at':
      return crashedSentence(data.anchor, self);
    case 'batch-sent':
      return `${self} sends ${plural(data.count, 'record')} to ${data.partition}${data.attempt > 1 ? `, attempt ${data.attempt}` : ''}.`;
    case 'batch-acknowledged':
      return `${self} gets the acknowledgement of ${plural(data.count, 'record')} at offset ${count(data.baseOffset)} of ${data.partition}.`;
    case 'batch-retried':
      return `${self} will send ${plural(data.count, 'record')} to ${data.partition} again: ${data.error}.`;
    case 'batch-failed':
      return data.outcome === 'unknown'
        ? `${self} gives up on ${plural(data.count, 'record')} for ${data.partition} (${data.error}); whether they were written is unknown.`
        : `${self} could not write ${plural(data.count, 'record')} to ${data.partition}: ${data.error}.`;
    case 'send-refused':
      return `${self} cannot send a record to ${data.topic}: ${data.error}. It is given up.`;
    case 'client-failed':
      return `${self} cannot go on: ${data.error}.`;
    case 'tape-ended':
      return `${self} has played its tape to the end: ${plural(data.records, 'record')}.`;
  }
}

function streamsSentence(
  data:
    | Of<'stream-thread-added'>
    | Of<'stream-thread-removed'>
    | Of<'task-created'>
    | Of<'task-restoring'>
    | Of<'task-running'>
    | Of<'global-table-read'>
    | Of<'standby-created'>
    | Of<'standby-closed'>
    | Of<'task-closed'>
    | Of<'window-closed'>
    | Of<'late-record-dropped'>,
  self: string,
): string {
  switch (data.type) {
    case 'stream-thread-added':
      return `${self} gets another stream thread, thread ${data.index}: it has ${data.living} now.`;
    case 'stream-thread-removed':
      return `Thread ${data.index} of ${self} is to end and to leave the group: ${plural(data.living, 'thread')} will be left.`;
    case 'task-created':
      return `${self} takes task ${data.task}.`;
    case 'task-restoring':
      return `${self} restores the store of task ${data.task} from its changelog: ${plural(data.records, 'record')}.`;
    case 'task-running':
      return data.restored === 0
        ? `Task ${data.task} runs on ${self}.`
        : `Task ${data.task} runs on ${self} after restoring ${plural(data.restored, 'record')}.`;
    case 'standby-created':
      return `${self} keeps a copy of the stores of task ${data.task}.`;
    case 'standby-closed':
      return `${self} keeps no copy of task ${data.task} any more.`;
    case 'global-table-read':
      return `${self} has the whole table ${data.topic}: it read ${plural(data.records, 'record')}.`;
    case 'task-closed':
      return data.clean ? `${self} closes task ${data.task}.` : `${self} loses task ${data.task}.`;
    case 'window-closed':
      return `The window ${clockSpan(data.start, data.end)} closes in task ${data.task} with ${plural(data.keys, 'key')}.`;
    case 'late-record-dropped':
      return data.records === 1
        ? `A record of ${clock(data.timestamp)} comes too late for task ${data.task} (stream time ${clock(data.streamTime)}) and is dropped.`
        : `${plural(data.records, 'record')}, the last of ${clock(data.timestamp)}, come too late for task ${data.task} (stream time ${clock(data.streamTime)}) and are dropped.`;
  }
}

/** Event time as `12:00:31`, UTC. */
export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** `12:00 to 12:01`, with seconds only when they matter. */
export function clockSpan(start: number, end: number): string {
  const whole = start % 60_000 === 0 && end % 60_000 === 0;
  const text = (ms: number) => (whole ? clock(ms).slice(0, 5) : clock(ms));
  return `${text(start)} to ${text(end)}`;
}
