import type { Pace, Tape } from '../../../api/scenario.ts';
import type { ProducerMemory } from '../../../client/programs/producer-program.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';
import { numberOf, textOf, type JsonObject } from '../case-file.ts';
import { ClientNode } from './client-node.ts';

/** What a `produce` step came to. */
export interface Produced {
  readonly acked: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Values that were acknowledged. */
  readonly values: readonly string[];
}

/** Names of errors that are a client's own timeout. */
const TIMEOUTS: readonly string[] = ['REQUEST_TIMED_OUT', 'NETWORK_EXCEPTION', 'TIMEOUT'];

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

/** A real producer and what it was given to send. */
export interface TapeProducer {
  readonly client: ClientNode<ProducerMemory>;
  readonly values: readonly string[];
}

interface Recording {
  readonly name: string;
  readonly topic: string;
  readonly values: readonly string[];
  readonly pace: Pace;
}

function startProducer(cluster: BrokerCluster, step: JsonObject, recording: Recording): TapeProducer {
  const { name, topic, values, pace } = recording;
  const nowMs = cluster.contextOf(1).wallClockMs();
  const tape: Tape = {
    count: values.length,
    timestamps: values.map(() => nowMs),
    keys: values.map(() => null),
    values,
  };
  const config = { id: name, topic, tape, pace, overrides: overridesOf(step) };
  return { client: new ClientNode<ProducerMemory>(cluster, 'producer', name, config), values };
}

/** Sends `n` values prefix0, prefix1 … as fast as it can, and awaits all results. */
export function produce(cluster: BrokerCluster, topic: string, step: JsonObject, name: string): Produced {
  const prefix = textOf(step.prefix, 'prefix');
  const values = Array.from({ length: numberOf(step.n, 'n') }, (_, i) => `${prefix}${i}`);
  const producer = startProducer(cluster, step, { name, topic, values, pace: { kind: 'max' } });
  return awaitResults(cluster, producer);
}

/** More than any script lets pass. */
const BACKGROUND_MAX = 100_000;

/** Sends r0, r1 … one after the other until told to stop. */
export function produceInBackground(
  cluster: BrokerCluster,
  topic: string,
  step: JsonObject,
  name: string,
): TapeProducer {
  const values = Array.from({ length: BACKGROUND_MAX }, (_, i) => `r${i}`);
  const pace: Pace = { kind: 'rate', perSecond: Math.round(1_000 / numberOf(step.everyMs, 'everyMs')) };
  return startProducer(cluster, step, { name, topic, values, pace });
}

/** Cuts the tape where the player is, and awaits all results. */
export function stopProducing(cluster: BrokerCluster, producer: TapeProducer): Produced {
  const { client } = producer;
  const { config, position } = client.memory;
  client.replace((memory) => ({ ...memory, config: { ...config, tape: { ...config.tape, count: position.row } } }));
  return awaitResults(cluster, producer);
}

function awaitResults(cluster: BrokerCluster, { client, values }: TapeProducer): Produced {
  client.await('the end of a tape', ({ ended }) => ended);
  const { outcomes, refused } = client.memory;
  const acknowledged: string[] = [];
  for (const { outcome, rows } of outcomes)
    if (outcome === 'acknowledged') acknowledged.push(...rows.map((row) => values[row] ?? ''));
  const errors: Record<string, number> = {};
  const add = (name: string, count: number): void => {
    const known = TIMEOUTS.includes(name) ? 'TIMEOUT' : name;
    if (count > 0) errors[known] = (errors[known] ?? 0) + count;
  };
  for (const { node, data } of cluster.traces('batch-failed'))
    if (node === client.node) add(data.error, data.count);
  add('TIMEOUT', refused);
  return { acked: acknowledged.length, errors, values: acknowledged };
}
