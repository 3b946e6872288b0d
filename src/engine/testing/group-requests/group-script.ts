import type { RequestToken } from '../../coordinator/coordinator-host.ts';
import type { GroupApi } from '../../coordinator/group/group-request.ts';
import type { RequestBody } from '../../protocol/message.ts';
import {
  listOf,
  numberOf,
  objectOf,
  textOf,
  UnsupportedError,
  type ConformanceCase,
  type Json,
  type JsonObject,
} from '../conformance/case-file.ts';
import { benchTopicId, CoordinatorBench } from './coordinator-bench.ts';
import { withBytes } from './member-bytes.ts';
import { match, substitute, type Bindings } from './unordered-match.ts';
import { downgradeResponse, upgradeRequest } from './wire-versions.ts';

/** What a script's asynchronous request lets pass, in ms. */
const ASYNC_MS = 30;
/** A request that has no answer by then never gets one. */
const TIMERS_MAX = 1_000;

/** Where an answer differs from the recorded one. */
export interface ScriptDifference {
  readonly step: number;
  readonly expected: Json;
  readonly actual: Json | undefined;
}

interface Sent {
  readonly token: RequestToken;
  readonly api: GroupApi;
  readonly version: number;
}

/**
 * Plays a recorded script of group requests to a coordinator and compares the answers. Only for cases whose requests
 * all go to the group coordinator. Throws {@link UnsupportedError} for others.
 */
export function playGroupScript({ given, expect }: ConformanceCase): ScriptDifference | undefined {
  const player = new ScriptPlayer(given);
  const responses = listOf(expect.responses, 'responses');
  for (const [step, written] of listOf(given.script, 'script').entries()) {
    const expected = withBytes(responses[step] ?? null);
    const actual = player.play(objectOf(written, 'step'));
    if (!player.accept(actual, expected)) return { step, expected, actual };
  }
  return undefined;
}

class ScriptPlayer {
  private readonly bench: CoordinatorBench;
  private readonly sent = new Map<string, Sent[]>();
  private bindings: Bindings;

  constructor(given: JsonObject) {
    const topics = listOf(given.topics, 'topics').map((written) => {
      const { name, partitions } = objectOf(written, 'topic');
      return { name: textOf(name, 'name'), partitions: numberOf(partitions, 'partitions') };
    });
    const base = { 'group.initial.rebalance.delay.ms': '0' };
    const overrides = objectOf(given.brokerConfig ?? {}, 'brokerConfig') as Readonly<Record<string, string>>;
    this.bench = new CoordinatorBench({ ...base, ...overrides }, topics);
    this.bindings = new Map(topics.map(({ name }) => [`$tid.${name}`, benchTopicId(name)]));
  }

  /** Does one step and returns its entry in the answers. */
  play(step: JsonObject): Json | undefined {
    if (step.api !== undefined) return this.request(step);
    if (step.sleep !== undefined) this.bench.sleep(numberOf(step.sleep, 'sleep'));
    else if (step.await !== undefined) return this.take(textOf(step.await, 'await'));
    else if (step.pending !== undefined) return { pending: this.isPending(textOf(step.pending, 'pending')) };
    else if (step.close === undefined) throw new UnsupportedError(`step ${Object.keys(step).join(', ')}`);
    return null;
  }

  accept(actual: Json | undefined, expected: Json): boolean {
    const found = match(actual, expected, this.bindings);
    if (found !== undefined) this.bindings = found;
    return found !== undefined;
  }

  private request(step: JsonObject): Json | undefined {
    const conn = textOf(step.conn ?? 'main', 'conn');
    const api = textOf(step.api, 'api') as GroupApi;
    const version = numberOf(step.version, 'version');
    const written = withBytes(substitute(step.request ?? null, this.bindings));
    const body = upgradeRequest(api, version, objectOf(written, 'request'));
    const options = { version, clientId: `client-${conn}` };
    const token = this.bench.send(api, body as unknown as RequestBody<GroupApi>, options);
    this.sent.set(conn, [...(this.sent.get(conn) ?? []), { token, api, version }]);
    if (step.async !== true) return this.take(conn);
    this.bench.sleep(ASYNC_MS);
    return null;
  }

  private isPending(conn: string): boolean {
    const oldest = this.sent.get(conn)?.[0];
    return oldest !== undefined && this.bench.answered(oldest.token) === undefined;
  }

  /** The oldest answer of the connection; time passes until it is there. */
  private take(conn: string): Json | undefined {
    const oldest = this.sent.get(conn)?.shift();
    if (oldest === undefined) throw new UnsupportedError(`nothing was sent on ${conn}`);
    for (let i = 0; i < TIMERS_MAX; i++) {
      const answer = this.bench.answered(oldest.token);
      if (answer !== undefined)
        return downgradeResponse(oldest.api, oldest.version, answer as unknown as JsonObject);
      if (!this.bench.sleepUntilTimer()) return undefined;
    }
    return undefined;
  }
}
