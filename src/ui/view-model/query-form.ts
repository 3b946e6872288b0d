import type { QueryableStore } from '../../engine/api/detail.ts';
import { queryProblem, type QueryAct, type QueryKind } from '../../engine/api/query-act.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';

/** What stands in the form of a query. */
export interface QueryValues {
  readonly application: string;
  readonly store: string;
  readonly kind: string;
  readonly key: string;
  /** First and last key of a range, or times. */
  readonly from: string;
  readonly to: string;
  readonly stale: boolean;
  /** '' for the first that answers. */
  readonly instance: string;
}

export const EMPTY_QUERY: QueryValues = {
  application: '',
  store: '',
  kind: '',
  key: '',
  from: '',
  to: '',
  stale: false,
  instance: '',
};

export interface QueriedApplication {
  readonly name: string;
  readonly instances: readonly string[];
  readonly stores: readonly QueryableStore[];
}

/** What is chosen, where what stands there is not, or not any more, to be had. */
export function settled(values: QueryValues, applications: readonly QueriedApplication[]) {
  const application = applications.find(({ name }) => name === values.application) ?? applications[0];
  const store = application?.stores.find(({ name }) => name === values.store) ?? application?.stores[0];
  const kind = store?.kinds.find((one) => one === values.kind) ?? store?.kinds[0];
  const instance = application?.instances.find((one) => one === values.instance) ?? '';
  return { application, store, kind, instance };
}

/** Whether windows or sessions are asked for, by time. */
export const byTime = (kind: QueryKind | undefined): boolean => kind === 'window' || kind === 'session';

/** What each kind of query is called. */
export const KIND_WORDS: Readonly<Record<QueryKind, string>> = {
  key: 'one key',
  range: 'a range of keys',
  window: 'windows',
  session: 'sessions',
};

/** The act that the form means; the error is one sentence. */
export function readQuery(
  values: QueryValues,
  applications: readonly QueriedApplication[],
): Result<QueryAct, string> {
  const { application, store, kind, instance } = settled(values, applications);
  if (application === undefined || store === undefined || kind === undefined)
    return err('There is no store to ask.');
  const ends = byTime(kind) ? timesOf(values) : ok(keysOf(kind, values));
  if (!ends.ok) return ends;
  const act: QueryAct = {
    type: 'query',
    application: application.name,
    store: store.name,
    kind,
    ...(kind !== 'range' && values.key !== '' && { key: values.key }),
    ...ends.value,
    ...(values.stale && { stale: true }),
    ...(instance !== '' && { instance }),
  };
  const problem = queryProblem(act);
  return problem === null ? ok(act) : err(`The query ${problem}`);
}

type Ends = Pick<QueryAct, 'fromKey' | 'toKey' | 'fromMs' | 'toMs'>;

const keysOf = (kind: QueryKind, { from, to }: QueryValues): Ends =>
  kind === 'range' ? { ...(from !== '' && { fromKey: from }), ...(to !== '' && { toKey: to }) } : {};

function timesOf({ from, to }: QueryValues): Result<Ends, string> {
  const [fromMs, toMs] = [timeOf(from), timeOf(to)];
  const wrong = fromMs === null ? from : toMs === null ? to : null;
  if (wrong !== null)
    return err(`“${wrong}” is no time: write it as 2015-05-20 21:05 (UTC), or in ms since 1970.`);
  return ok({ ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) } as Ends);
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)Z?$/;

/** Undefined for nothing, null for what is no time. */
function timeOf(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (/^\d{1,15}$/.test(trimmed)) return Number(trimmed);
  const [, day = '', clock = ''] = TIME.exec(trimmed) ?? [];
  const ms = Date.parse(`${day}T${clock}Z`);
  return Number.isNaN(ms) ? null : ms;
}
