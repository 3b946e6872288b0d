import { BROKER_CONFIG } from '../../api/config/broker-config.ts';
import { toMillis } from '../../base/time.ts';
import { APIS, type ApiName, type RequestBody } from '../../protocol/message.ts';
import { BrokerCluster } from '../broker-cluster.ts';
import { withBytes } from '../group-requests/member-bytes.ts';
import { match, substitute, type Bindings } from '../group-requests/unordered-match.ts';
import type { Adapter } from './adapter.ts';
import { isObject, listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from './case-file.ts';
import type { Json, JsonObject } from './case-file.ts';
import { requestFrom, responseTo } from './broker/wire-names.ts';

/** Wall clock of the simulated broker. */
const EPOCH_MS = 1_763_000_000_000;
/** What an asynchronous request lets pass. */
const ASYNC_MS = 30;
const ANSWER_WITHIN_MS = 120_000;
const BASE_CONFIG = {
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.num.partitions': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
};

interface Sent {
  readonly id: number;
  readonly api: ApiName;
  readonly version: number;
  readonly written: JsonObject;
}

/** Scripts of protocol requests to one broker: the program `broker` on the kernel, and a client that sends them. */
export const brokerAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['features', 'brokerConfig', 'topics', 'script'], 'given');
    const player = new ScriptPlayer(given);
    const responses = listOf(expect.responses, 'responses');
    for (const [step, written] of listOf(given.script, 'script').entries()) {
      const actual = player.play(objectOf(written, 'step'));
      const expected = responses[step] ?? null;
      if (!player.accepts(actual, expected)) {
        comparison.differ(actual, expected, `responses[${step}]`);
        return;
      }
    }
  },
};

class ScriptPlayer {
  private readonly cluster: BrokerCluster;
  private readonly sent = new Map<string, Sent[]>();
  private readonly nowMs: number;
  private bindings: Bindings;

  constructor(given: JsonObject) {
    this.cluster = new BrokerCluster({
      seed: 1,
      brokers: 1,
      overrides: { ...BASE_CONFIG, ...overridesOf(given.brokerConfig) },
      epochMs: EPOCH_MS,
      features: objectOf(given.features ?? {}, 'features') as Record<string, number>,
    });
    this.cluster.boot();
    const bindings = new Map<string, Json>();
    for (const written of listOf(given.topics ?? [], 'topics')) {
      const topic = objectOf(written, 'topic');
      const name = textOf(topic.name, 'name');
      const assignment = Array.from({ length: numberOf(topic.partitions, 'partitions') }, () => [1]);
      this.cluster.createTopic(name, assignment, objectOf(topic.configs ?? {}, 'configs') as Record<string, string>);
      bindings.set(`$tid.${name}`, this.cluster.topicId(name));
    }
    this.cluster.warmUp();
    this.nowMs = EPOCH_MS + toMillis(this.cluster.now);
    this.bindings = bindings;
  }

  /** Does one step and returns its entry in the answers. */
  play(step: JsonObject): Json | undefined {
    onlyFields(step, ['api', 'version', 'conn', 'request', 'async', 'repeat', 'await', 'pending', 'sleep', 'close'], 'step');
    if (step.api !== undefined) return this.requests(step);
    if (step.sleep !== undefined) this.cluster.runFor(numberOf(step.sleep, 'sleep'));
    else if (step.await !== undefined) return this.take(textOf(step.await, 'await'));
    else if (step.pending !== undefined) return { pending: this.isPending(textOf(step.pending, 'pending')) };
    else if (step.close !== undefined) this.cluster.client.close('b1', textOf(step.close, 'close'));
    return null;
  }

  accepts(actual: Json | undefined, expected: Json): boolean {
    const found = match(actual, withBytes(this.withTimes(expected)), this.bindings);
    if (found !== undefined) this.bindings = found;
    return found !== undefined;
  }

  private requests(step: JsonObject): Json | undefined {
    const times = step.repeat === undefined ? 1 : numberOf(step.repeat, 'repeat');
    let answer: Json | undefined;
    for (let i = 0; i < times; i++) answer = this.request(step);
    return answer;
  }

  private request(step: JsonObject): Json | undefined {
    const conn = textOf(step.conn ?? 'main', 'conn');
    const api = apiOf(step);
    const version = numberOf(step.version, 'version');
    const written = objectOf(this.withTimes(substitute(step.request ?? null, this.bindings)), 'request');
    const topics = this.cluster.topicIds();
    const body = requestFrom(api, version, objectOf(api === 'Produce' ? written : withBytes(written), 'request'), {
      byName: topics,
    });
    const how = { channel: conn, version };
    const id = this.cluster.client.send('b1', api, body as unknown as RequestBody<ApiName>, how);
    this.sent.set(conn, [...(this.sent.get(conn) ?? []), { id, api, version, written }]);
    if (api === 'Produce' && written.acks === 0) return this.unanswered(conn, id);
    if (step.async !== true) return this.take(conn);
    this.cluster.runFor(ASYNC_MS);
    return null;
  }

  private unanswered(conn: string, id: number): Json {
    this.cluster.runFor(ASYNC_MS);
    this.sent.get(conn)?.pop();
    return this.cluster.client.answer(id) === 'disconnected' ? { disconnected: true } : { noResponse: true };
  }

  private isPending(conn: string): boolean {
    const oldest = this.sent.get(conn)?.[0];
    return oldest !== undefined && this.cluster.client.answer(oldest.id) === undefined;
  }

  /** The oldest answer of the connection; time passes until it is there. */
  private take(conn: string): Json | undefined {
    const oldest = this.sent.get(conn)?.shift();
    if (oldest === undefined) throw new UnsupportedError(`nothing was sent on ${conn}`);
    const { id, api, version, written } = oldest;
    this.cluster.runUntilTrue(`answer to ${api}`, () => this.cluster.client.answer(id) !== undefined, ANSWER_WITHIN_MS);
    const answer = this.cluster.client.answer(id);
    if (answer === undefined || answer === 'disconnected') return { disconnected: true };
    return responseTo(api, version, answer.body as unknown as JsonObject, {
      written,
      ids: { byName: this.cluster.topicIds() },
    });
  }

  /** `$now`, `$now+5` and `$now-70000` as ms since 1970. */
  private withTimes(value: Json): Json {
    if (typeof value === 'string') {
      const time = /^\$now([+-]\d+)?$/.exec(value);
      return time === null ? value : this.nowMs + Number(time[1] ?? 0);
    }
    if (Array.isArray(value)) return value.map((item: Json) => this.withTimes(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, this.withTimes(item ?? null)]));
  }
}

function apiOf(step: JsonObject): ApiName {
  const api = textOf(step.api, 'api');
  if (Object.hasOwn(APIS, api)) return api as ApiName;
  throw new UnsupportedError(`api "${api}"`);
}

function overridesOf(written: Json | undefined): Record<string, string> {
  const overrides = objectOf(written ?? {}, 'brokerConfig') as Record<string, string>;
  for (const key of Object.keys(overrides))
    if (!Object.hasOwn(BROKER_CONFIG, key)) throw new UnsupportedError(`broker key "${key}"`);
  return overrides;
}
