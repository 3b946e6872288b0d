import { brokerNode } from '../../../api/ids.ts';
import type { Tape } from '../../../api/scenario.ts';
import type { ProducerMemory } from '../../../client/programs/producer-program.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';
import { numberOf, textOf, type JsonObject } from '../case-file.ts';

/** What a `produce` step came to. */
export interface Produced {
  readonly acked: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Values that were acknowledged. */
  readonly values: readonly string[];
}

/** Names of errors that are a client's own timeout. */
const TIMEOUTS: readonly string[] = ['REQUEST_TIMED_OUT', 'NETWORK_EXCEPTION', 'TIMEOUT'];
const WITHIN_MS = 300_000;

/** Keys of a step, and the producer's keys that they set. */
const OPTIONS: readonly (readonly [string, string])[] = [
  ['retries', 'retries'],
  ['requestTimeoutMs', 'request.timeout.ms'],
  ['deliveryTimeoutMs', 'delivery.timeout.ms'],
  ['maxBlockMs', 'max.block.ms'],
];

function overridesOf(step: JsonObject): Record<string, string> {
  const acks = textOf(step.acks, 'acks');
  const overrides: Record<string, string> = {
    acks,
    'enable.idempotence': step.idempotence === true ? 'true' : 'false',
    'linger.ms': '0',
  };
  for (const [field, key] of OPTIONS)
    if (step[field] !== undefined) overrides[key] = `${numberOf(step[field], field)}`;
  return overrides;
}

/** A real producer sends `count` values prefix0, prefix1 … as fast as it can, and awaits all results. */
export function produce(
  cluster: BrokerCluster,
  topic: string,
  step: JsonObject,
  node: string,
): Produced {
  const count = numberOf(step.n, 'n');
  const prefix = textOf(step.prefix, 'prefix');
  const values = Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const nowMs = cluster.contextOf(1).wallClockMs();
  const tape: Tape = {
    count,
    timestamps: values.map(() => nowMs),
    keys: values.map(() => null),
    values,
  };
  const bootstrap = Object.fromEntries(cluster.brokerIds.map((id) => [id, brokerNode(id)]));
  const config = { id: node, bootstrap, topic, tape, pace: { kind: 'max' }, overrides: overridesOf(step) };
  cluster.kernel.addNode(node, 'producer', Object.freeze(config));
  cluster.kernel.start(node);
  const memory = (): ProducerMemory => cluster.kernel.slot(node).memory as ProducerMemory;
  cluster.runUntilTrue('end of a tape', () => memory().ended, WITHIN_MS);
  return resultOf(cluster, memory(), values, node);
}

function resultOf(
  cluster: BrokerCluster,
  memory: ProducerMemory,
  values: readonly string[],
  node: string,
): Produced {
  const acknowledged: string[] = [];
  for (const { outcome, rows } of memory.outcomes)
    if (outcome === 'acknowledged') acknowledged.push(...rows.map((row) => values[row] ?? ''));
  const errors: Record<string, number> = {};
  const add = (name: string, count: number): void => {
    const known = TIMEOUTS.includes(name) ? 'TIMEOUT' : name;
    if (count > 0) errors[known] = (errors[known] ?? 0) + count;
  };
  for (const { node: by, data } of cluster.traces('batch-failed')) if (by === node) add(data.error, data.count);
  add('TIMEOUT', memory.refused);
  return { acked: acknowledged.length, errors, values: acknowledged };
}
