import { ensure } from '../../../base/assert.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';
import { numberOf, textOf, type Json, type JsonObject } from '../case-file.ts';
import { ClientNode } from './client-node.ts';
import { factName } from './error-name.ts';
import { sendAll, sendInBackground, stopBackground, type ProducingClientMemory } from './producing-client.ts';
import { placeOf } from './reader.ts';

/** What is told of records that were acknowledged. */
export type Acknowledge = (to: string, values: readonly string[]) => void;

/** Keys of a step, and the producer's keys that they set. */
const OPTIONS: readonly (readonly [string, string])[] = [
  ['retries', 'retries'],
  ['requestTimeoutMs', 'request.timeout.ms'],
  ['deliveryTimeoutMs', 'delivery.timeout.ms'],
  ['maxBlockMs', 'max.block.ms'],
];

function overridesOf(step: JsonObject): Record<string, string> {
  const overrides: Record<string, string> = {
    acks: textOf(step.acks, 'acks'),
    'enable.idempotence': step.idempotence === true ? 'true' : 'false',
    'linger.ms': '0',
  };
  for (const [field, key] of OPTIONS)
    if (step[field] !== undefined) overrides[key] = `${numberOf(step[field], field)}`;
  return overrides;
}

type Client = ClientNode<ProducingClientMemory>;

/** Producers without transactions: one for each step, one in the background. */
export class ProduceSteps {
  private readonly cluster: BrokerCluster;
  private readonly acknowledge: Acknowledge;
  private background: { readonly to: string; readonly client: Client } | undefined;

  constructor(cluster: BrokerCluster, acknowledge: Acknowledge) {
    this.cluster = cluster;
    this.acknowledge = acknowledge;
  }

  /** Does a step and returns its fact, undefined if it is none of a producer. */
  play(op: string, step: JsonObject): Json | undefined {
    switch (op) {
      case 'produce':
        return this.produce(step);
      case 'produceStart':
        return this.begin(step);
      case 'produceEnd':
        return this.end();
      default:
        return undefined;
    }
  }

  private startClient(step: JsonObject): Client {
    const config = { id: 'producer', transactional: null, overrides: overridesOf(step) };
    return new ClientNode(this.cluster, 'producing-client', 'producer', config);
  }

  /** Sends `n` values prefix0, prefix1 … as fast as it can, and awaits all results. */
  private produce(step: JsonObject): Json {
    const client = this.startClient(step);
    const { memory, context } = client;
    const to = textOf(step.to, 'to');
    const prefix = textOf(step.prefix, 'prefix');
    for (let i = 0; i < numberOf(step.n, 'n'); i++)
      memory.wanted.push({ to: placeOf(to), value: `${prefix}${i}` });
    sendAll(memory, context);
    return this.results(to, client);
  }

  /** Sends r0, r1 … one after the other until told to stop. */
  private begin(step: JsonObject): Json {
    const client = this.startClient(step);
    const to = textOf(step.to, 'to');
    this.background = { to, client };
    const everyMs = numberOf(step.everyMs, 'everyMs');
    sendInBackground(client.memory, client.context, { to: placeOf(to), prefix: 'r', everyMs });
    return null;
  }

  private end(): Json {
    const { to, client } = ensure(this.background, 'a producer in the background');
    this.background = undefined;
    stopBackground(client.memory, client.context);
    return this.results(to, client);
  }

  private results(to: string, client: Client): Json {
    client.await('all results', ({ outcome }) => outcome !== null);
    const { acknowledged, failed } = client.memory;
    client.vanish();
    const errors: Record<string, number> = {};
    for (const error of failed) errors[factName(error)] = (errors[factName(error)] ?? 0) + 1;
    this.acknowledge(to, acknowledged);
    return { acked: acknowledged.length, errors };
  }
}
