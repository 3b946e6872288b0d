import type { AdminAct } from '../../../api/admin-act.ts';
import type { AnswerTable } from '../../../api/trace-event.ts';
import { ERROR_CODES, NONE } from '../../../protocol/errors.ts';
import type { ApiName, RequestBody, ResponseBody, ResponseMessage } from '../../../protocol/message.ts';

export type Act<T extends AdminAct['type']> = Extract<AdminAct, { readonly type: T }>;

/** Who is asked: any broker, this one, or whoever leads a partition or coordinates a group or transaction. */
export type Route =
  | { readonly to: 'any' }
  | { readonly to: 'broker'; readonly id: number }
  | { readonly to: 'leader'; readonly topic: string; readonly partition: number }
  | { readonly to: 'group' | 'transaction'; readonly id: string };

export const ANY: Route = Object.freeze({ to: 'any' });

/** One request; its answer is added to what the tool has been told. */
export interface Question {
  readonly kind: 'question';
  readonly route: Route;
  readonly api: ApiName;
  readonly body: object;
  /** The latest unless given. */
  readonly version?: number;
}

/** What the tool prints in the end. */
export interface Answer {
  readonly kind: 'answer';
  readonly error: number;
  readonly done: boolean;
  readonly message: string;
  readonly table: AnswerTable | null;
}

/** What a tool has been told so far, in the order in which it asked. */
export interface Told {
  readonly replies: readonly ResponseMessage[];
  /** ms since 1970. */
  readonly nowMs: number;
  /** Brokers that the tool was started with, ascending. */
  readonly brokers: readonly number[];
}

/**
 * Decides by what it has been told what to ask next, or what to print. It keeps nothing else, so that a tool at work is
 * plain data.
 */
export type Tool<A> = (act: A, told: Told) => Question | Answer;

export const ask = <A extends ApiName>(
  route: Route,
  api: A,
  body: RequestBody<A>,
  version?: number,
): Question => ({ kind: 'question', route, api, body, ...(version !== undefined && { version }) });

/** Answers of one API, in order. */
export const answersOf = <A extends ApiName>({ replies }: Told, api: A): readonly ResponseBody<A>[] =>
  replies.flatMap((reply) => (reply.api === api ? [reply.body as ResponseBody<A>] : []));

export const firstOf = <A extends ApiName>(told: Told, api: A): ResponseBody<A> | undefined =>
  answersOf(told, api)[0];

/** All went well. */
export const done = (message: string, table: AnswerTable | null = null): Answer => ({
  kind: 'answer',
  error: NONE,
  done: true,
  message,
  table,
});

/** The tool itself sees that it cannot be done. */
export const hopeless = (message: string): Answer => ({ ...done(message), done: false });

/** Kafka's error, with what the broker says of it. */
export const failed = (error: number, message: string | null | undefined): Answer => ({
  ...done(message ?? 'There is no further message.'),
  error,
  done: false,
});

/** A broker answered about something else than what was asked. */
export const senseless = (): Answer => failed(ERROR_CODES.UNKNOWN_SERVER_ERROR, null);

export interface Verdict {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** What was refused, if it was, else the sentence. */
export function verdict(result: Verdict | undefined, message: string): Answer {
  if (result === undefined) return senseless();
  return result.errorCode === NONE ? done(message) : failed(result.errorCode, result.errorMessage);
}

/** Rows beyond these are only counted. */
const ROWS_MAX = 60;

export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): AnswerTable => ({
  heads,
  rows: rows.slice(0, ROWS_MAX),
  more: Math.max(rows.length - ROWS_MAX, 0),
});
