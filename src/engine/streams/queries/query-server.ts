import { topicPartition } from '../../api/ids.ts';
import type { QueriedCopy } from '../../api/query-act.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { millis } from '../../base/time.ts';
import { adminCall } from '../../client/admin/admin.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import {
  responseBytes,
  ROWS_MAX,
  type QueryRequest,
  type QueryResponse,
} from '../../client/queries/query-message.ts';
import { NONE } from '../../protocol/errors.ts';
import { LATEST_TIMESTAMP } from '../../protocol/list-offsets.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from '../runtime/application-plan.ts';
import { globalStoreOf } from '../runtime/bound-global.ts';
import { bindTask } from '../runtime/bound-task.ts';
import type { StreamsMemory } from '../runtime/instance-memory.ts';
import { ThreadContext } from '../runtime/thread-context.ts';
import { SerializationError } from '../serdes/serde.ts';
import { hostsOf, keyMetadata, partitionsOf, type KeyMetadata } from './key-metadata.ts';
import { closedBy, localCopies, positionOf, type LocalCopy } from './local-copies.ts';
import { findStore, type StorePlace } from './queryable-store.ts';
import type { WaitingQuery } from './query-server-state.ts';
import { keyOf, readStore } from './read-store.ts';

export const LAG_TIMER = 'query-lag';
/** A stale read does not wait longer than this for the brokers to say where changelogs end. */
const LAG_PATIENCE_MS = 1_000;

type Answer = Pick<QueryResponse, 'status' | 'what'> & Partial<QueryResponse>;

/** Ends of changelogs by `topic-partition`; null: nobody said. */
type Ends = ReadonlyMap<string, number> | null;

/** One request and what it is answered with. */
interface Asked {
  readonly memory: StreamsMemory;
  readonly context: NodeContext;
  readonly connection: ConnectionId;
  readonly request: QueryRequest;
}

/**
 * Answers a request to this instance, by a thread beside the stream thread, in no time: what it owns it reads, for the
 * rest it says who does. A stale read first asks the brokers how far behind it is.
 */
export function answerQuery(
  memory: StreamsMemory,
  context: NodeContext,
  connection: ConnectionId,
  request: QueryRequest,
): void {
  const asked = { memory, context, connection, request };
  try {
    handle(asked);
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    reply(asked, { status: 400, what: `Bad key. ${error.name}: ${error.message}` });
  }
}

function handle(asked: Asked): void {
  const { memory, request } = asked;
  const { query, scope } = request;
  const place = findStore(planOf(memory.config), query.store);
  if (place === undefined) reply(asked, { status: 404, what: `UnknownStateStoreException: ${query.store}` });
  else if (place.subtopology === null) readGlobal(asked, query.store);
  else if (scope === 'hosts') tellHosts(asked, place.subtopology);
  else if (scope === 'local') readLocal(asked, place, null);
  else route(asked, place, place.subtopology);
}

function tellHosts(asked: Asked, subtopology: number): void {
  const { hosts } = asked.memory.queries;
  const found = hostsOf(hosts, subtopology);
  if (found.length === 0) reply(asked, NOT_AVAILABLE);
  else reply(asked, { status: 200, what: 'OK', hosts: found, partitions: partitionsOf(hosts, subtopology) });
}

const NOT_AVAILABLE: Answer = {
  status: 503,
  what: 'KeyQueryMetadata is NOT_AVAILABLE: no assignment yet. Retry later.',
};

/** Of one key: whoever has it answers; others say who does. */
function route(asked: Asked, place: StorePlace, subtopology: number): void {
  const { memory, context, request } = asked;
  const { key: serde } = place.definition;
  const key = serde.serialize(keyOf(serde, request.query.key ?? ''));
  const metadata = keyMetadata(memory.queries.hosts, subtopology, key);
  if (metadata === undefined) {
    reply(asked, NOT_AVAILABLE);
    return;
  }
  const { active, standbys } = metadata;
  const hasCopy = request.query.stale === true && standbys.includes(context.self);
  if (active === context.self || hasCopy) readLocal(asked, place, metadata);
  else reply(asked, { status: 307, what: `Moved to ${active}.`, location: active, standbys });
}

/** A global table is whole in every instance, and read as soon as that is. */
function readGlobal(asked: Asked, name: string): void {
  const { memory, context, request } = asked;
  const store = globalStoreOf(memory, context, name);
  if (store === undefined || memory.globals?.phase !== 'running') {
    reply(asked, {
      status: 503,
      what: `InvalidStateStoreException: the global store ${name} is not read yet.`,
    });
    return;
  }
  const rows = readStore(store, request.query).map((row) => ({ partition: 0, ...row }));
  const copies: QueriedCopy[] = [{ partition: 0, host: context.self, copy: 'global', lag: null }];
  replyRows(asked, rows, copies);
}

/** What this instance has: of one partition, or of all that are here. */
function readLocal(asked: Asked, place: StorePlace, metadata: KeyMetadata | null): void {
  const { memory, context, connection, request } = asked;
  const state = closedBy(memory);
  if (request.query.stale !== true && state !== undefined) {
    const what = `InvalidStateStoreException: Cannot get state store ${request.query.store} because the stream thread is ${state}, not RUNNING`;
    reply(asked, { status: 503, what, owner: true, standbys: metadata?.standbys ?? [] });
    return;
  }
  const copies = wanted(asked, place, metadata);
  const behind = copies.filter(({ copy }) => copy !== 'active');
  const { changelog } = place;
  if (behind.length === 0 || changelog === null) {
    read(asked, place, { metadata, ends: null });
    return;
  }
  const partitions = behind.map(({ task }) => ({
    topic: changelog,
    partition: task.partition,
    offset: LATEST_TIMESTAMP,
  }));
  const token = adminCall(memory.admin, context, { type: 'list-offsets', partitions });
  const deadline = context.now() + millis(LAG_PATIENCE_MS);
  memory.queries.waiting = [
    ...memory.queries.waiting,
    Object.freeze({ connection, request, token, deadline, metadata, answered: false }),
  ];
  if (!context.hasTimer(LAG_TIMER)) context.setTimer(LAG_TIMER, millis(LAG_PATIENCE_MS));
}

function wanted({ memory, request }: Asked, place: StorePlace, metadata: KeyMetadata | null): LocalCopy[] {
  const copies = localCopies(memory, place, request.query.stale === true);
  return metadata === null ? copies : copies.filter(({ task }) => task.partition === metadata.partition);
}

interface Reading {
  readonly metadata: KeyMetadata | null;
  readonly ends: Ends;
}

function read(asked: Asked, place: StorePlace, { metadata, ends }: Reading): void {
  const { memory, context, request } = asked;
  const copies = wanted(asked, place, metadata);
  if (copies.length === 0 && metadata !== null) {
    const what = `InvalidStateStoreException: The state store, ${request.query.store}, may have migrated to another instance.`;
    reply(asked, { status: 503, what, owner: true, standbys: metadata.standbys });
    return;
  }
  const rows = copies.flatMap(({ thread, task }) => {
    const bound = bindTask(thread, new ThreadContext(memory, context, thread.index), task);
    const store = bound.stream.store(request.query.store);
    const { partition } = task;
    return store === undefined ? [] : readStore(store, request.query).map((row) => ({ partition, ...row }));
  });
  const told = copies.map(({ task, copy }): QueriedCopy => {
    const { partition } = task;
    return { partition, host: context.self, copy, lag: lagOf(task, place, ends) };
  });
  replyRows(asked, rows, told);
}

/** Records of the changelog that a copy is behind (`KafkaStreams.allLocalStorePartitionLags`). */
function lagOf(task: LocalCopy['task'], { changelog }: StorePlace, ends: Ends): number | null {
  if (changelog === null) return task.status === 'running' ? 0 : null;
  const position = positionOf(task, changelog);
  if (position < 0) return 0;
  const end = ends?.get(topicPartition(changelog, task.partition));
  return end === undefined ? null : Math.max(0, end - position);
}

function replyRows(asked: Asked, rows: QueryResponse['rows'], copies: readonly QueriedCopy[]): void {
  const { query, scope } = asked.request;
  const empty = rows.length === 0 && scope === 'routed';
  reply(asked, {
    status: empty ? 404 : 200,
    what: empty ? `The store ${query.store} has nothing for this key.` : 'OK',
    owner: true,
    copies,
    rows: rows.slice(0, ROWS_MAX),
    more: Math.max(0, rows.length - ROWS_MAX),
  });
}

const NOTHING = {
  location: null,
  standbys: [],
  hosts: [],
  partitions: 0,
  owner: false,
  copies: [],
  rows: [],
  more: 0,
} satisfies Partial<QueryResponse>;

function reply({ context, connection, request }: Asked, answer: Answer): void {
  const response: QueryResponse = { kind: 'query-response', id: request.id, ...NOTHING, ...answer };
  const { status, what } = response;
  const data: TraceEventData = { type: 'query-handled', store: request.query.store, status, what };
  context.trace(data);
  context.send(connection, Object.freeze(response), responseBytes(response));
  context.close(connection);
}

type Answered = Extract<AdminNotice, { type: 'partitions-answered' }>;

/** The brokers said where the changelogs end. Returns false if no query asked for it. */
export function takeQueryLags(memory: StreamsMemory, context: NodeContext, notice: Answered): boolean {
  const { queries } = memory;
  const query = queries.waiting.find(({ token }) => token === notice.token);
  if (query === undefined) return false;
  const ends = new Map(
    notice.results
      .filter(({ error }) => error === NONE)
      .map(({ topic, partition, offset }) => [topicPartition(topic, partition), offset]),
  );
  queries.waiting = queries.waiting.filter((one) => one !== query);
  if (!query.answered) goOn(memory, context, query, ends);
  return true;
}

/** Nobody said in time: what can be read is read, and how far behind it is remains unknown. */
export function answerWithoutLag(memory: StreamsMemory, context: NodeContext): void {
  const { queries } = memory;
  const now = context.now();
  const late = queries.waiting.filter(({ answered, deadline }) => !answered && deadline <= now);
  queries.waiting = queries.waiting.map((query) =>
    late.includes(query) ? Object.freeze({ ...query, answered: true }) : query,
  );
  for (const query of late) goOn(memory, context, query, null);
  const open = queries.waiting.filter(({ answered }) => !answered).map(({ deadline }) => deadline);
  if (open.length > 0) context.setTimer(LAG_TIMER, Math.min(...open) - now);
}

function goOn(
  memory: StreamsMemory,
  context: NodeContext,
  { connection, request, metadata }: WaitingQuery,
  ends: Ends,
): void {
  const place = findStore(planOf(memory.config), request.query.store);
  if (place !== undefined) read({ memory, context, connection, request }, place, { metadata, ends });
}
