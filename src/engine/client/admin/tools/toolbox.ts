import type { AdminAct } from '../../../api/admin-act.ts';
import type { TraceEventData } from '../../../api/trace-event.ts';
import { millis, type SimTime } from '../../../base/time.ts';
import { ERROR_CODES, errorName, NONE } from '../../../protocol/errors.ts';
import type { ResponseMessage } from '../../../protocol/message.ts';
import type { ConnectionId } from '../../../sim/event.ts';
import type { NodeContext } from '../../../sim/node-context.ts';
import { retryBackoff } from '../../backoff.ts';
import { leastLoadedBroker } from '../../network/metadata-refresh.ts';
import {
  expireRequests,
  isReady,
  NEVER,
  newNetworkClient,
  ownsConnection,
  sendRequest,
  takeDisconnect,
  takeResponse,
  type Completion,
  type NetworkClient,
} from '../../network/network-client.ts';
import { ADMIN_PATIENCE, type NetworkSettings } from '../../network/network-settings.ts';
import { bootstrapList, type Bootstrap } from '../../programs/bootstrap.ts';
import { errorToRetry, foundTarget, lookUp } from './routes.ts';
import type { Answer, Question, Told } from './tool.ts';
import { nextStep, toolName } from './tool-of.ts';

/** `default.api.timeout.ms` of an administrator's client. */
const API_TIMEOUT_MS = 60_000;
const PREFIX = 'tools';
const WORK_TIMER = `${PREFIX}:work`;

/** What a request of a tool is for. */
interface ToolRequest {
  readonly run: number;
  readonly isLookUp: boolean;
}

/** A tool at work. */
interface ToolRun {
  readonly id: number;
  readonly act: AdminAct;
  readonly deadline: SimTime;
  /** Not gone on with before; {@link NEVER} while a request is under way. */
  notBefore: SimTime;
  /** Frozen, in the order of the questions. */
  replies: readonly ResponseMessage[];
  /** Broker that the next question goes to, −1 while it has to be looked up. */
  target: number;
  /** Tries of one question that failed, and the last one's error. */
  attempts: number;
  lastError: number;
}

/** The tools that an operator has at work, with the client that they share (`KafkaAdminClient`). Plain data. */
export interface Toolbox {
  readonly network: NetworkClient<ToolRequest>;
  runs: readonly ToolRun[];
  nextId: number;
  wakeAt: SimTime;
}

/** Timeouts and backoffs of `AdminClientConfig`. */
const settings = (bootstrap: Bootstrap): NetworkSettings => ({
  clientId: 'adminclient',
  bootstrap: bootstrapList(bootstrap),
  config: ADMIN_PATIENCE,
  autoCreateTopics: false,
  maxInFlight: 100,
});

export const newToolbox = (bootstrap: Bootstrap): Toolbox => ({
  network: newNetworkClient(PREFIX, settings(bootstrap)),
  runs: [],
  nextId: 1,
  wakeAt: NEVER,
});

/** Starts the tool of an act. What it prints in the end is traced as `tool-answered`. */
export function startTool(box: Toolbox, context: NodeContext, act: AdminAct): void {
  const now = context.now();
  const run: ToolRun = {
    id: box.nextId++,
    act,
    deadline: now + millis(API_TIMEOUT_MS),
    notBefore: now,
    replies: [],
    target: -1,
    attempts: 0,
    lastError: NONE,
  };
  box.runs = [...box.runs, run];
  work(box, context);
}

/** Returns false if the connection is not the tools'. */
export function onToolMessage(
  box: Toolbox,
  context: NodeContext,
  connection: ConnectionId,
  message: object,
): boolean {
  if (!ownsConnection(box.network, connection)) return false;
  const completion = takeResponse(box.network, context, connection, message as ResponseMessage);
  if (completion !== undefined) take(box, context, completion);
  work(box, context);
  return true;
}

/** Returns false if the connection is not the tools'. */
export function onToolDisconnect(box: Toolbox, context: NodeContext, connection: ConnectionId): boolean {
  if (!ownsConnection(box.network, connection)) return false;
  for (const lost of takeDisconnect(box.network, context, connection)) take(box, context, lost);
  work(box, context);
  return true;
}

/** Returns false if the timer is not the tools'. */
export function onToolTimer(box: Toolbox, context: NodeContext, name: string): boolean {
  if (!name.startsWith(`${PREFIX}:`)) return false;
  if (name === WORK_TIMER) box.wakeAt = NEVER;
  for (const lost of expireRequests(box.network, context)) take(box, context, lost);
  work(box, context);
  return true;
}

function work(box: Toolbox, context: NodeContext): void {
  const now = context.now();
  for (const run of box.runs) {
    if (now >= run.deadline) print(box, context, run, tooLate(run));
    else if (run.notBefore <= now) goOn(box, context, run);
  }
  for (const { notBefore, deadline } of box.runs) wakeUp(box, context, Math.min(notBefore, deadline));
}

function wakeUp(box: Toolbox, context: NodeContext, at: SimTime): void {
  if (at >= box.wakeAt) return;
  box.wakeAt = at;
  context.setTimer(WORK_TIMER, Math.max(at - context.now(), 0));
}

/** An answer may make the next step possible at once, so it goes on until something has to be waited for. */
function goOn(box: Toolbox, context: NodeContext, run: ToolRun): void {
  const step = nextStep(run.act, toldTo(box, context, run));
  if (step.kind === 'answer') print(box, context, run, step);
  else send(box, context, run, step);
}

const toldTo = ({ network }: Toolbox, context: NodeContext, { replies }: ToolRun): Told => ({
  replies,
  nowMs: context.wallClockMs(),
  brokers: network.settings.bootstrap.map(([id]) => id).sort((a, b) => a - b),
});

function send(box: Toolbox, context: NodeContext, run: ToolRun, question: Question): void {
  const { network } = box;
  const first = run.target < 0 ? lookUp(question.route) : undefined;
  const isLookUp = first !== undefined;
  const { route } = question;
  const named = route.to === 'broker' ? route.id : run.target;
  const destination = isLookUp || named < 0 ? leastLoadedBroker(network, context) : named;
  if (destination === undefined || !isReady(network, context, destination)) {
    tryLater(context, box, run);
    return;
  }
  const { api, body, version } = first ?? question;
  const mark = Object.freeze({ run: run.id, isLookUp });
  sendRequest(network, context, {
    destination,
    api,
    body: Object.freeze(body) as never,
    context: mark,
    ...(version !== undefined && { version }),
  });
  run.notBefore = NEVER;
}

/** What nobody can answer now is asked again, of whoever is in charge by then (`AdminApiDriver`). */
function take(box: Toolbox, context: NodeContext, completion: Completion<ToolRequest>): void {
  const { run: id, isLookUp } = completion.request.context;
  const run = box.runs.find((one) => one.id === id);
  if (run === undefined) return;
  const step = nextStep(run.act, toldTo(box, context, run));
  if (step.kind === 'answer') return;
  const { response } = completion;
  const error = response === undefined ? completion.error : errorToRetry(step.route, isLookUp, response.body);
  if (error !== NONE || response === undefined) {
    run.lastError = error;
    run.target = -1;
    tryLater(context, box, run);
    return;
  }
  run.notBefore = context.now();
  if (isLookUp) {
    run.target = foundTarget(step.route, response);
    if (run.target < 0) tryLater(context, box, run);
    return;
  }
  run.replies = Object.freeze([...run.replies, response]);
  run.target = -1;
  run.attempts = 0;
}

function tryLater(context: NodeContext, { network }: Toolbox, run: ToolRun): void {
  const prng = context.prng(`${PREFIX}:retry`);
  run.notBefore = context.now() + millis(retryBackoff(prng, network.settings.config, run.attempts));
  run.attempts += 1;
}

/** A tool that waited too long says what it was told last. */
const tooLate = ({ lastError }: ToolRun): Answer => ({
  kind: 'answer',
  error: ERROR_CODES.REQUEST_TIMED_OUT,
  done: false,
  message: `There was no answer within ${API_TIMEOUT_MS / 1_000} s${
    lastError === NONE ? '' : `; the last thing said was ${errorName(lastError)}`
  }.`,
  table: null,
});

function print(box: Toolbox, context: NodeContext, run: ToolRun, answer: Answer): void {
  box.runs = box.runs.filter((one) => one !== run);
  const { error, done, message, table } = answer;
  const data: TraceEventData = {
    type: 'tool-answered',
    tool: toolName(run.act),
    act: run.act,
    error: error === NONE ? null : errorName(error),
    done,
    message,
    table,
  };
  context.trace(Object.freeze(data));
}
