import { BROKER_CONFIG } from '../../api/config/broker-config.ts';
import { brokerNode, CONTROLLER_NODE } from '../../api/ids.ts';
import { errorName, NONE } from '../../protocol/errors.ts';
import type { Program } from '../../sim/node-context.ts';
import { BrokerCluster } from '../broker-cluster.ts';
import type { Adapter } from './adapter.ts';
import { isObject, listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError } from './case-file.ts';
import type { Json, JsonObject } from './case-file.ts';
import { GroupSteps } from './cluster/group-steps.ts';
import { latestOffset, placeOf, readAll, type Isolation } from './cluster/reader.ts';
import { TransactionSteps } from './cluster/transaction-steps.ts';
import { ProduceSteps } from './cluster/produce-steps.ts';
import { producingClient } from './cluster/producing-client.ts';
import { groupMember } from './cluster/group-member.ts';

const BASE_CONFIG = {
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
  'auto.leader.rebalance.enable': 'false',
};
/** Scripts of acts and faults on three brokers, a controller and real clients. */
export const clusterAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['brokers', 'brokerConfig', 'topics', 'script'], 'given');
    const player = new ClusterPlayer(given);
    const facts = listOf(expect.facts, 'facts');
    for (const [step, written] of listOf(given.script, 'script').entries()) {
      const actual = player.play(objectOf(written, 'step'));
      comparison.compare(inOrder(actual), inOrder(facts[step] ?? null), `facts[${step}]`);
    }
  },
};

/** Lists of brokers whose order means nothing. */
const SETS: readonly string[] = ['isr', 'elr', 'lastKnownElr'];

function inOrder(fact: Json | undefined): Json | undefined {
  if (!isObject(fact)) return fact;
  const sorted: Record<string, Json | undefined> = { ...fact };
  for (const field of SETS) {
    const brokers = fact[field];
    if (Array.isArray(brokers)) sorted[field] = (brokers as number[]).toSorted((a, b) => a - b);
  }
  return sorted;
}

class ClusterPlayer {
  private readonly cluster: BrokerCluster;
  private readonly groups: GroupSteps;
  private readonly producers: ProduceSteps;
  private readonly transactions: TransactionSteps;
  /** Leader epoch at the last look, by partition. */
  private readonly epochs = new Map<string, number>();
  /** Acknowledged values, by partition. */
  private readonly acknowledged = new Map<string, string[]>();

  constructor(given: JsonObject) {
    const overrides = { ...BASE_CONFIG, ...overridesOf(given.brokerConfig) };
    const programs = [producingClient, groupMember] as unknown as Program[];
    const brokers = numberOf(given.brokers, 'brokers');
    this.cluster = new BrokerCluster({ seed: 1, brokers, overrides, programs });
    this.groups = new GroupSteps(this.cluster);
    const acknowledge = (to: string, values: readonly string[]): void => this.acknowledge(to, values);
    this.producers = new ProduceSteps(this.cluster, acknowledge);
    this.transactions = new TransactionSteps(this.cluster, acknowledge);
    this.cluster.boot();
    this.cluster.warmUp();
    for (const written of listOf(given.topics, 'topics')) {
      const topic = objectOf(written, 'topic');
      const assignment = listOf(topic.assignment, 'assignment') as readonly (readonly number[])[];
      const configs = objectOf(topic.configs ?? {}, 'configs') as Record<string, string>;
      this.cluster.createTopic(textOf(topic.name, 'name'), assignment, configs);
    }
  }

  /** Does one step and returns its fact. */
  play(step: JsonObject): Json | undefined {
    if (step.sleep !== undefined) this.cluster.runFor(numberOf(step.sleep, 'sleep'));
    else if (step.observe !== undefined) return this.observe(step);
    else if (step.op !== undefined) return this.operate(step);
    else this.meddle(step);
    return null;
  }

  private meddle(step: JsonObject): void {
    const { kernel } = this.cluster;
    if (step.kill !== undefined) kernel.stop(this.nodeOf(step.kill), { powerLoss: false });
    else if (step.pause !== undefined) kernel.pause(this.nodeOf(step.pause));
    else if (step.resume !== undefined) kernel.resume(this.nodeOf(step.resume));
    else if (step.shutdown !== undefined) this.shutDown(this.nodeOf(step.shutdown));
    else if (step.start !== undefined) this.start(Array.isArray(step.start) ? step.start : [step.start]);
    else throw new UnsupportedError(`step ${Object.keys(step).join(', ')}`);
  }

  private nodeOf(written: Json): string {
    if (typeof written === 'number') return brokerNode(written);
    const text = textOf(written, 'node');
    if (text === 'controller') return CONTROLLER_NODE;
    if (!text.startsWith('leaderOf ')) throw new UnsupportedError(`node "${text}"`);
    const { topic, partition } = placeOf(text.slice('leaderOf '.length));
    return brokerNode(this.cluster.partition(topic, partition).leader);
  }

  private shutDown(node: string): void {
    this.cluster.kernel.signal(node, { type: 'terminate' });
    this.cluster.runUntilTrue('the end', () => this.cluster.kernel.slot(node).status === 'down');
  }

  private start(written: readonly Json[]): void {
    const nodes = written.map((item) => this.nodeOf(item));
    for (const node of nodes) this.cluster.kernel.start(node);
    const isAlive = (node: string): boolean =>
      node === CONTROLLER_NODE || this.cluster.isAlive(Number(node.slice(1)));
    this.cluster.runUntilTrue('listed as alive', () => nodes.every(isAlive));
  }

  private observe(step: JsonObject): Json {
    const name = textOf(step.observe, 'observe');
    if (!this.cluster.brokerIds.some((id) => this.cluster.isUp(id))) return { noBrokerUp: true };
    const place = placeOf(name);
    const partition = this.cluster.partition(place.topic, place.partition);
    const { leader, isr, elr, lastKnownElr, replicas, leaderEpoch } = partition;
    if (step.relative === true) return { hasLeader: leader >= 0, isrSize: isr.length };
    const leaderEpochDelta = leaderEpoch - (this.epochs.get(name) ?? 0);
    this.epochs.set(name, leaderEpoch);
    const highWatermark = step.hw === false ? undefined : latestOffset(this.cluster, place);
    return {
      leader,
      isr,
      elr,
      lastKnownElr,
      replicas,
      leaderEpochDelta,
      ...(highWatermark === undefined ? {} : { highWatermark }),
    };
  }

  private operate(step: JsonObject): Json {
    const op = textOf(step.op, 'op');
    if (op.startsWith('tx')) return this.transactions.play(op, step);
    for (const steps of [this.groups, this.producers]) {
      const fact = steps.play(op, step);
      if (fact !== undefined) return fact;
    }
    switch (op) {
      case 'read':
        return this.read(step);
      case 'elect':
        return this.elect(step);
      case 'reassign':
        return this.reassign(step);
      default:
        throw new UnsupportedError(`op "${op}"`);
    }
  }

  private acknowledge(to: string, values: readonly string[]): void {
    this.acknowledged.set(to, [...(this.acknowledged.get(to) ?? []), ...values]);
  }

  private read(step: JsonObject): Json {
    const from = textOf(step.from, 'from');
    const isolation = step.isolation === undefined ? 'read_uncommitted' : textOf(step.isolation, 'isolation');
    const reading = readAll(this.cluster, placeOf(from), isolation as Isolation);
    if (reading === undefined) return { error: 'TIMEOUT' };
    const { endOffset, values } = reading;
    const found = new Set(values);
    const acknowledged = this.acknowledged.get(from) ?? [];
    const ackedMissing = acknowledged.filter((value) => !found.has(value)).length;
    const counts = { ackedMissing, duplicates: values.length - found.size };
    return step.loose === true ? counts : { endOffset, records: values.length, ...counts };
  }

  private elect(step: JsonObject): Json {
    const { topic, partition } = placeOf(textOf(step.partition, 'partition'));
    const electionType = textOf(step.type, 'type') === 'unclean' ? 1 : 0;
    const topicPartitions = [{ topic, partitions: [partition] }];
    const body = { electionType, topicPartitions, timeoutMs: 30_000 };
    const answer = this.cluster.ask(this.someBroker(), 'ElectLeaders', body);
    const result = answer.replicaElectionResults[0]?.partitionResult[0]?.errorCode ?? answer.errorCode;
    return { result: resultName(result) };
  }

  private reassign(step: JsonObject): Json {
    const { topic: name, partition: partitionIndex } = placeOf(textOf(step.partition, 'partition'));
    const to = listOf(step.to, 'to') as readonly number[];
    const partitions = [{ partitionIndex, replicas: to.length === 0 ? null : to }];
    const body = {
      timeoutMs: 30_000,
      allowReplicationFactorChange: true,
      topics: [{ name, partitions }],
    };
    const answer = this.cluster.ask(this.someBroker(), 'AlterPartitionReassignments', body);
    return { result: resultName(answer.responses[0]?.partitions[0]?.errorCode ?? answer.errorCode) };
  }

  private someBroker(): number {
    const id = this.cluster.brokerIds.find((broker) => this.cluster.isAlive(broker));
    if (id === undefined) throw new UnsupportedError('an admin request with no broker alive');
    return id;
  }
}

const resultName = (errorCode: number): string => (errorCode === NONE ? 'ok' : errorName(errorCode));

function overridesOf(written: Json | undefined): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const [key, value] of Object.entries(objectOf(written ?? {}, 'brokerConfig'))) {
    if (!Object.hasOwn(BROKER_CONFIG, key)) throw new UnsupportedError(`broker key "${key}"`);
    overrides[key] = textOf(value, key);
  }
  return overrides;
}
