import {
  producerAbortTransaction,
  producerBeginTransaction,
  producerCommitTransaction,
  producerInitTransactions,
  producerSendOffsets,
} from '../../../client/producer/producer.ts';
import { checkSend, type Refusal } from '../../../client/producer/transaction-state.ts';
import { ensure } from '../../../base/assert.ts';
import { NONE } from '../../../protocol/errors.ts';
import type { BrokerCluster } from '../../broker-cluster.ts';
import { numberOf, textOf, UnsupportedError, type Json, type JsonObject } from '../case-file.ts';
import { ClientNode } from './client-node.ts';
import { factName } from './error-name.ts';
import type { Acknowledge } from './produce-steps.ts';
import { followUp, sendAll, type ProducingClientMemory } from './producing-client.ts';
import { placeOf } from './reader.ts';

type Client = ClientNode<ProducingClientMemory>;

const TRANSACTION_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Exceptions that stand for an error of the protocol. */
const ERROR_OF: Readonly<Record<string, string>> = {
  ProducerFencedException: 'PRODUCER_FENCED',
  InvalidProducerEpochException: 'INVALID_PRODUCER_EPOCH',
};

const nameOf = (error: number): string => (error === NONE ? 'ok' : factName(error));

const nameOfRefusal = ({ exception }: Refusal): string => ERROR_OF[exception] ?? exception;

function overridesOf(step: JsonObject): Record<string, string> {
  const overrides: Record<string, string> = { 'linger.ms': '0' };
  if (step.maxBlockMs !== undefined) overrides['max.block.ms'] = `${numberOf(step.maxBlockMs, 'maxBlockMs')}`;
  if (step.deliveryTimeoutMs === undefined) return overrides;
  const deliveryMs = numberOf(step.deliveryTimeoutMs, 'deliveryTimeoutMs');
  overrides['delivery.timeout.ms'] = `${deliveryMs}`;
  overrides['request.timeout.ms'] = `${Math.min(deliveryMs, REQUEST_TIMEOUT_MS)}`;
  return overrides;
}

/** The transactional producers of a script, one for each name. */
export class TransactionSteps {
  private readonly cluster: BrokerCluster;
  private readonly clients = new Map<string, Client>();
  /** Values of the open transaction of each producer, by partition: acknowledged once it is committed. */
  private readonly open = new Map<string, Map<string, string[]>>();
  private readonly acknowledge: Acknowledge;

  constructor(cluster: BrokerCluster, acknowledge: Acknowledge) {
    this.cluster = cluster;
    this.acknowledge = acknowledge;
  }

  /** Does a step that begins with `tx` and returns its fact. */
  play(op: string, step: JsonObject): Json {
    const name = textOf(step.name, 'name');
    if (op === 'txInit') return { result: this.init(name, step) };
    const client = ensure(this.clients.get(name), `a producer ${name}`);
    switch (op) {
      case 'txBegin':
        return { result: this.begin(name, client) };
      case 'txSend':
        return { result: this.send(name, client, step) };
      case 'txOffsets':
        return { result: sendOffsets(client, step) };
      case 'txCommit':
        return { result: this.commit(name, client) };
      case 'txAbort':
        return { result: waitFor(client, producerAbortTransaction) };
      case 'txClose':
        client.vanish();
        return { result: 'ok' };
      default:
        throw new UnsupportedError(`op "${op}"`);
    }
  }

  private init(name: string, step: JsonObject): string {
    const timeoutMs = step.transactionTimeoutMs ?? TRANSACTION_TIMEOUT_MS;
    const client: Client = new ClientNode(this.cluster, 'producing-client', name, {
      id: name,
      transactional: {
        transactionalId: textOf(step.transactionalId, 'transactionalId'),
        transactionTimeoutMs: numberOf(timeoutMs, 'transactionTimeoutMs'),
      },
      overrides: overridesOf(step),
    });
    this.clients.set(name, client);
    return waitFor(client, producerInitTransactions);
  }

  private begin(name: string, { memory }: Client): string {
    const refusal = producerBeginTransaction(memory.producer);
    if (refusal !== undefined) return nameOfRefusal(refusal);
    this.open.set(name, new Map());
    return 'ok';
  }

  private send(name: string, client: Client, step: JsonObject): string {
    const { memory, context } = client;
    const to = textOf(step.to, 'to');
    const prefix = textOf(step.prefix ?? 'x', 'prefix');
    const values = Array.from({ length: numberOf(step.n, 'n') }, (_, i) => `${prefix}${i}`);
    const open = this.open.get(name) ?? new Map<string, string[]>();
    open.set(to, [...(open.get(to) ?? []), ...values]);
    this.open.set(name, open);
    memory.wanted.push(...values.map((value) => ({ to: placeOf(to), value })));
    memory.failed = [];
    memory.outcome = null;
    sendAll(memory, context);
    return outcomeOf(client, to);
  }

  private commit(name: string, client: Client): string {
    const result = waitFor(client, producerCommitTransaction);
    if (result === 'ok') for (const [to, values] of this.open.get(name) ?? []) this.acknowledge(to, values);
    if (result === 'ok') this.open.delete(name);
    return result;
  }
}

/** Makes a call that blocks, and returns what it came to. */
function waitFor(client: Client, call: typeof producerCommitTransaction): string {
  const { memory, context } = client;
  memory.outcome = null;
  const refusal = call(memory.producer, context);
  return refusal === undefined ? outcomeOf(client) : nameOfRefusal(refusal);
}

function sendOffsets(client: Client, step: JsonObject): string {
  const { topic, partition } = placeOf(textOf(step.partition, 'partition'));
  const offset = {
    partitionIndex: partition,
    committedOffset: numberOf(step.offset, 'offset'),
    committedLeaderEpoch: -1,
    committedMetadata: '',
  };
  const group = {
    groupId: textOf(step.group, 'group'),
    generationId: -1,
    memberId: '',
    groupInstanceId: null,
  };
  return waitFor(client, (producer, context) =>
    producerSendOffsets(producer, context, [{ topic, partitions: [offset] }], group),
  );
}

/** Waits for what the call under way comes to. `to` is the partition of a send(). */
function outcomeOf(client: Client, to = ''): string {
  const { memory, context } = client;
  followUp(memory, context);
  client.await('the end of a call', ({ outcome }) => outcome !== null);
  const { outcome, producer } = memory;
  if (outcome === null || outcome.kind === 'timed-out') return 'TIMEOUT';
  if (outcome.kind === 'error') return nameOf(outcome.error);
  const standing = ensure(producer.transactions, 'transactions').standing;
  const refusal = checkSend(standing, to, producer.idempotence.producerId >= 0);
  return refusal === undefined ? 'KafkaException' : nameOfRefusal(refusal);
}
