import type { NodeId } from '../../api/ids.ts';
import type { QueriedCopy, QueryAct, QueryAnswer, QueryHop } from '../../api/query-act.ts';
import { ROWS_MAX, type QueryResponse, type QueryScope } from './query-message.ts';

/** Redirects that one query follows at most. */
const REDIRECTS_MAX = 5;

/** What the client is to ask next. */
export interface Ask {
  readonly host: NodeId;
  readonly scope: QueryScope;
}

/** Why there is no answer. */
export type Silence = 'refused' | 'timed out';

/**
 * One query under way. `any`: looking for an instance that can say anything; `owner`: whoever is in charge, or a copy;
 * `everyone`: the instances one after the other. Plain data.
 */
export interface QueryRun {
  readonly id: number;
  readonly act: QueryAct;
  phase: 'any' | 'owner' | 'everyone';
  /** Instances of the application that are asked next, in order. */
  next: readonly Ask[];
  /** Copies to fall back on, where stale reads are allowed. */
  standbys: readonly NodeId[];
  redirects: number;
  hops: readonly QueryHop[];
  /** Of the last request that had one. */
  last: QueryResponse | null;
  /** Of all instances that were asked for what they have. */
  parts: readonly QueryResponse[];
  partitions: number;
}

export function newQueryRun(id: number, act: QueryAct, instances: readonly NodeId[]): QueryRun {
  const hosts = act.instance === undefined ? instances : [act.instance];
  const scope = act.key === undefined ? 'hosts' : 'routed';
  return {
    id,
    act,
    phase: 'any',
    next: hosts.map((host) => ({ host, scope })),
    standbys: [],
    redirects: 0,
    hops: [],
    last: null,
    parts: [],
    partitions: 0,
  };
}

const WORDS: Readonly<Record<Silence, string>> = {
  refused: 'The connection was refused or broken off.',
  'timed out': 'No answer in time.',
};

/** An instance did not answer. Returns what to ask next, or the end. */
export function afterSilence(run: QueryRun, host: NodeId, why: Silence): Ask | QueryAnswer {
  run.hops = [...run.hops, { host, status: 0, what: WORDS[why] }];
  return run.phase === 'owner' ? nextCopy(run) : nextOf(run);
}

/** An instance answered. Returns what to ask next, or the end. */
export function afterResponse(run: QueryRun, host: NodeId, response: QueryResponse): Ask | QueryAnswer {
  const { status, what } = response;
  run.hops = [...run.hops, { host, status, what }];
  run.last = response;
  if (status === 307 && response.location !== null) return redirect(run, response, response.location);
  if (run.phase === 'everyone') {
    run.parts = [...run.parts, response];
    return nextOf(run);
  }
  if (response.hosts.length > 0) return askEveryone(run, response);
  if (status !== 503) return answerOf(response, run.hops);
  if (!response.owner) return run.phase === 'owner' ? nextCopy(run) : nextOf(run);
  run.standbys = response.standbys.filter((standby) => !wasAsked(run, standby));
  return nextCopy(run);
}

const wasAsked = ({ hops }: QueryRun, node: NodeId): boolean => hops.some(({ host }) => host === node);

function redirect(run: QueryRun, { standbys }: QueryResponse, location: NodeId): Ask | QueryAnswer {
  run.phase = 'owner';
  run.redirects += 1;
  run.standbys = standbys.filter((standby) => !wasAsked(run, standby));
  if (run.redirects > REDIRECTS_MAX) return silence(run, 'The redirects had no end.');
  const failed = run.hops.some(({ host, status }) => host === location && status === 0);
  return failed ? nextCopy(run) : { host: location, scope: 'routed' };
}

/** The owner cannot answer: with stale reads allowed a copy may. */
function nextCopy(run: QueryRun): Ask | QueryAnswer {
  const [host, ...rest] = run.act.stale === true ? run.standbys : [];
  if (host === undefined) return end(run);
  run.phase = 'owner';
  run.standbys = rest;
  return { host, scope: 'routed' };
}

/** The next instance, or the end. */
function nextOf(run: QueryRun): Ask | QueryAnswer {
  const [next, ...rest] = run.next;
  run.next = rest;
  return next ?? end(run);
}

function askEveryone(run: QueryRun, { hosts, partitions }: QueryResponse): Ask | QueryAnswer {
  run.phase = 'everyone';
  run.partitions = partitions;
  run.next = hosts.map((host): Ask => ({ host, scope: 'local' }));
  return nextOf(run);
}

function end(run: QueryRun): QueryAnswer {
  if (run.phase === 'everyone') return merged(run);
  const heard = run.hops.at(-1);
  if (run.last !== null && heard !== undefined && heard.status !== 0 && heard.status !== 307)
    return answerOf(run.last, run.hops);
  return silence(run, heard === undefined ? 'There is no instance to ask.' : `${heard.host}: ${heard.what}`);
}

const silence = ({ hops }: QueryRun, message: string): QueryAnswer => ({
  status: 0,
  message,
  hops,
  copies: [],
  rows: [],
  more: 0,
});

const answerOf = (
  { status, what, copies, rows, more }: QueryResponse,
  hops: QueryAnswer['hops'],
): QueryAnswer => ({
  status,
  message: what,
  hops,
  copies,
  rows,
  more,
});

/** Of several copies of a partition the one that runs is taken, else the nearest. */
const isNearer = (a: QueriedCopy, b: QueriedCopy): boolean => distance(a) < distance(b);

const distance = ({ copy, lag }: QueriedCopy): number =>
  copy === 'active' || copy === 'global' ? -1 : (lag ?? Number.MAX_SAFE_INTEGER);

/** What all instances said as one answer: complete only if every partition was read. */
function merged({ parts, partitions, hops }: QueryRun): QueryAnswer {
  const best = new Map<number, QueriedCopy>();
  for (const copy of parts.flatMap(({ copies }) => copies)) {
    const known = best.get(copy.partition);
    if (known === undefined || isNearer(copy, known)) best.set(copy.partition, copy);
  }
  const copies = [...best.values()].sort((a, b) => a.partition - b.partition);
  const taken = new Set(copies);
  const rows = parts
    .flatMap((part) => {
      const own = new Set(part.copies.filter((copy) => taken.has(copy)).map(({ partition }) => partition));
      return part.rows.filter(({ partition }) => own.has(partition));
    })
    .sort((a, b) => a.partition - b.partition);
  const missing = partitions - copies.length;
  const refused = hops.find(({ status }) => status !== 200);
  return {
    status: missing === 0 ? 200 : (refused?.status ?? 503),
    message:
      missing === 0
        ? 'OK'
        : `${missing} of ${partitions} partitions did not answer. ${refused?.what ?? ''}`.trimEnd(),
    hops,
    copies,
    rows: rows.slice(0, ROWS_MAX),
    more: Math.max(0, rows.length - ROWS_MAX) + parts.reduce((sum, { more }) => sum + more, 0),
  };
}
