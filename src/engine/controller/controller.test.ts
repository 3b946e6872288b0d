import { describe, expect, test } from 'vitest';
import type { TraceEventData } from '../api/trace-event.ts';
import { digestOf } from '../base/digest.ts';
import { below, prngStream } from '../base/prng.ts';
import { millis, toMillis, type SimTime } from '../base/time.ts';
import { isActive, partitionOf } from '../metadata/metadata-image.ts';
import { imageRecords } from '../metadata/snapshot.ts';
import { errorName } from '../protocol/errors.ts';
import type { ApiName, RequestBody } from '../protocol/message.ts';
import { Kernel } from '../sim/kernel.ts';
import { DATA_CENTRE } from '../sim/network.ts';
import type { Program, TraceEntry } from '../sim/node-context.ts';
import {
  registeringBrokerProgram,
  type RegisteringBrokerMemory,
  type SendSignal,
} from '../testing/registering-broker.ts';
import { brokerViews } from './controller-view.ts';
import { controllerProgram } from './controller.ts';
import type { ControllerMemory } from './controller-state.ts';

const CLUSTER_ID = 'test-cluster';
const BROKERS = [1, 2, 3] as const;

function newCluster(seed: number, overrides: Record<string, string> = {}): Kernel {
  const programs = [controllerProgram, registeringBrokerProgram] as unknown as Program[];
  const kernel = new Kernel(programs, { seed, epochMs: 1_700_000_000_000, profile: DATA_CENTRE });
  kernel.addNode('controller', 'controller', { nodeId: 100, clusterId: CLUSTER_ID, overrides }, 0);
  for (const brokerId of BROKERS) {
    const config = { brokerId, controller: 'controller', clusterId: CLUSTER_ID };
    kernel.addNode(`b${brokerId}`, 'registering-broker', config, millis(brokerId * 100));
  }
  return kernel;
}

function runUntil(kernel: Kernel, at: SimTime): void {
  for (let next = kernel.nextAt(); next !== undefined && next <= at; next = kernel.nextAt()) kernel.step();
}

const runFor = (kernel: Kernel, ms: number): void => runUntil(kernel, kernel.state.now + millis(ms));

const controller = (kernel: Kernel): ControllerMemory => kernel.slot('controller').memory as ControllerMemory;
const broker = (kernel: Kernel, id: number): RegisteringBrokerMemory =>
  kernel.slot(`b${id}`).memory as RegisteringBrokerMemory;

function ask<A extends ApiName>(kernel: Kernel, id: number, api: A, body: RequestBody<A>): unknown {
  kernel.signal(`b${id}`, { type: 'send', api, body } as SendSignal);
  runFor(kernel, 50);
  return broker(kernel, id).answers.at(-1)?.body;
}

const createTopic = (kernel: Kernel, name: string, minIsr: string): unknown =>
  ask(kernel, 1, 'CreateTopics', {
    topics: [
      {
        name,
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
        configs: [{ name: 'min.insync.replicas', value: minIsr }],
      },
    ],
    timeoutMs: 5_000,
    validateOnly: false,
  });

const tickets = (kernel: Kernel) => partitionOf(controller(kernel).image, 'tickets', 0);

interface Fact {
  readonly at: SimTime;
  readonly data: TraceEventData;
}

const facts = (kernel: Kernel, since: SimTime): Fact[] =>
  ([...kernel.state.trace] as TraceEntry[])
    .filter((entry) => entry.at >= since)
    .map(({ at, data }) => ({ at, data: data as TraceEventData }));

const ofType = (kernel: Kernel, type: TraceEventData['type'], since = 0): Fact[] =>
  facts(kernel, since).filter((fact) => fact.data.type === type);

function readyCluster(seed: number, minIsr = '1'): Kernel {
  const kernel = newCluster(seed);
  runUntil(kernel, millis(4_000));
  createTopic(kernel, 'tickets', minIsr);
  return kernel;
}

describe('a cluster', () => {
  test('starts: brokers register, catch up, are unfenced, and know what the controller knows', () => {
    const kernel = readyCluster(1);
    expect(brokerViews(controller(kernel)).map(({ fenced, leads }) => [fenced, leads])).toEqual([
      [false, 1],
      [false, 0],
      [false, 0],
    ]);
    runFor(kernel, 1_000);
    for (const id of BROKERS)
      expect(digestOf(broker(kernel, id).image)).toBe(digestOf(controller(kernel).image));
  });

  test('refuses a topic that exists, with Kafka’s error', () => {
    const kernel = readyCluster(1);
    const answer = createTopic(kernel, 'tickets', '1') as { topics: { errorCode: number }[] };
    expect(answer.topics.map((topic) => errorName(topic.errorCode))).toEqual(['TOPIC_ALREADY_EXISTS']);
  });

  test('hands out producer ids in blocks that never overlap', () => {
    const kernel = readyCluster(1);
    const block = (id: number) =>
      ask(kernel, id, 'AllocateProducerIds', { brokerId: id, brokerEpoch: broker(kernel, id).brokerEpoch });
    expect(block(1)).toMatchObject({ errorCode: 0, producerIdStart: 0, producerIdLen: 1_000 });
    expect(block(2)).toMatchObject({ errorCode: 0, producerIdStart: 1_000 });
  });
});

describe('a broker that dies', () => {
  test.each([1, 2, 3, 4, 5])(
    'seed %i: is fenced after one to one and a quarter sessions; another leads',
    (seed) => {
      const kernel = readyCluster(seed);
      runFor(kernel, seed * 370);
      const lastHeartbeatAt = brokerViews(controller(kernel))[0]?.lastHeartbeatAt ?? 0;
      kernel.stop('b1', { powerLoss: false });
      runFor(kernel, 12_000);
      const [fenced] = ofType(kernel, 'broker-fenced');
      expect(fenced?.data).toEqual({ type: 'broker-fenced', broker: 1, reason: 'session expired' });
      const silence = toMillis((fenced?.at ?? 0) - lastHeartbeatAt);
      expect(silence).toBeGreaterThanOrEqual(9_000);
      expect(silence).toBeLessThanOrEqual(11_250);
      expect(tickets(kernel)).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 });
      expect(ofType(kernel, 'leader-elected').map((fact) => fact.data)).toEqual([
        { type: 'leader-elected', partition: 'tickets-0', from: 1, to: 2, leaderEpoch: 1, unclean: false },
      ]);
      expect(broker(kernel, 3).image.brokers.get(1)?.fenced).toBe(true);
    },
  );

  test('cannot come back while its last life may be alive, and then with a new epoch', () => {
    const kernel = readyCluster(1);
    const epoch = broker(kernel, 1).brokerEpoch;
    kernel.stop('b1', { powerLoss: false });
    runFor(kernel, 1_000);
    kernel.start('b1');
    runFor(kernel, 15_000);
    const names = broker(kernel, 1).registrations.map(errorName);
    expect(names[0]).toBe('DUPLICATE_BROKER_REGISTRATION');
    expect(names.at(-1)).toBe('NONE');
    expect(broker(kernel, 1).brokerEpoch).toBeGreaterThan(epoch);
    expect(isActive(controller(kernel).image, 1)).toBe(true);
  });

  test('but was only silent is unfenced by its next heartbeat, as the same incarnation', () => {
    const kernel = readyCluster(1);
    const epoch = broker(kernel, 2).brokerEpoch;
    kernel.pause('b2');
    runFor(kernel, 12_000);
    expect(tickets(kernel)).toMatchObject({ leader: 1, isr: [1, 3], leaderEpoch: 0 });
    kernel.resume('b2');
    runFor(kernel, 100);
    expect(isActive(controller(kernel).image, 2)).toBe(true);
    expect(controller(kernel).image.brokers.get(2)?.brokerEpoch).toBe(epoch);
  });

  test('loses its place among the eligible, unless it was the last to lead', () => {
    const kernel = readyCluster(1, '2');
    for (const id of [3, 2, 1]) {
      kernel.stop(`b${id}`, { powerLoss: false });
      runFor(kernel, 12_000);
    }
    expect(tickets(kernel)).toMatchObject({ isr: [], elr: [1, 2], lastKnownElr: [1], leader: -1 });
    kernel.start('b2');
    runFor(kernel, 5_000);
    expect(tickets(kernel)).toMatchObject({ isr: [], elr: [1], leader: -1 });
    kernel.start('b1');
    runFor(kernel, 5_000);
    expect(tickets(kernel)).toMatchObject({ isr: [1], elr: [], leader: 1, leaderRecoveryState: 1 });
    expect(ofType(kernel, 'leader-elected').at(-1)?.data).toMatchObject({ to: 1, unclean: true });
  });
});

test('fewer replicas have to be in sync: whoever was eligible no longer is, and everybody may know', () => {
  const kernel = readyCluster(1, '2');
  for (const id of [3, 2]) kernel.pause(`b${id}`);
  runFor(kernel, 12_000);
  expect(tickets(kernel)).toMatchObject({ isr: [1], elr: [expect.any(Number)] });
  const configs = [{ name: 'min.insync.replicas', configOperation: 0, value: '1' }];
  ask(kernel, 1, 'IncrementalAlterConfigs', {
    resources: [{ resourceType: 2, resourceName: 'tickets', configs }],
    validateOnly: false,
  });
  expect(tickets(kernel)).toMatchObject({ isr: [1], elr: [] });
  expect(ofType(kernel, 'config-changed').map((fact) => fact.data)).toEqual([
    { type: 'config-changed', target: 'tickets', key: 'min.insync.replicas', value: '1' },
  ]);
});

describe('a broker that stops in order', () => {
  test('moves its leaders away first, is told to stop, and comes back at once with proof', () => {
    const kernel = readyCluster(1, '3');
    const asked = kernel.state.now;
    kernel.signal('b1', { type: 'terminate' });
    runFor(kernel, 6_000);
    expect(kernel.slot('b1').status).toBe('down');
    const types = facts(kernel, asked).map((fact) => fact.data.type);
    expect(types).toEqual([
      'controlled-shutdown-begun',
      'leader-elected',
      'isr-changed',
      'controlled-shutdown-allowed',
      'broker-fenced',
    ]);
    expect(tickets(kernel)).toMatchObject({ leader: 2, isr: [2, 3], elr: [1] });
    kernel.start('b1');
    runFor(kernel, 3_000);
    expect(broker(kernel, 1).registrations.map(errorName)).toEqual(['NONE']);
    expect(tickets(kernel)).toMatchObject({ leader: 2, elr: [1] });
  });
});

test('a broker that leads nothing stops at its first wish, and may come back before its session would be over', () => {
  const kernel = readyCluster(1);
  kernel.signal('b3', { type: 'terminate' });
  runFor(kernel, 500);
  expect(kernel.slot('b3').status).toBe('down');
  kernel.start('b3');
  runFor(kernel, 500);
  expect(broker(kernel, 3).registrations.map(errorName)).toEqual(['NONE']);
});

describe('a controller that dies', () => {
  test.each([false, true])(
    'goes on from its log (power loss: %s), and fences nobody who lives',
    (powerLoss) => {
      const kernel = readyCluster(1);
      const before = digestOf(imageRecords(controller(kernel).image));
      kernel.stop('controller', { powerLoss });
      runFor(kernel, 30_000);
      kernel.start('controller');
      expect(digestOf(imageRecords(controller(kernel).image))).toBe(before);
      if (powerLoss) for (const id of BROKERS) kernel.stop(`b${id}`, { powerLoss: false });
      if (powerLoss) for (const id of BROKERS) kernel.start(`b${id}`);
      runFor(kernel, 20_000);
      const fenced = ofType(kernel, 'broker-fenced').map((fact) => fact.data);
      if (!powerLoss) expect(fenced).toEqual([]);
      expect(brokerViews(controller(kernel)).map((view) => view.fenced)).toEqual([false, false, false]);
      expect(controller(kernel).activeEpoch).toBe(2);
    },
  );
});

describe('whatever dies', () => {
  test.each(Array.from({ length: 10 }, (_, seed) => seed))(
    'seed %i: all agree in the end, and it replays',
    (seed) => {
      const first = stormyRun(seed);
      for (const id of BROKERS)
        expect(digestOf(broker(first, id).image)).toBe(digestOf(controller(first).image));
      expect(stormyRun(seed).stateHash()).toBe(first.stateHash());
      const copy = first.checkpoint();
      runFor(first, 5_000);
      const hash = first.stateHash();
      first.restore(copy);
      runFor(first, 5_000);
      expect(first.stateHash()).toBe(hash);
    },
  );
});

/** Nodes die and come back at random moments; in the end all are up and have had time to settle. */
function stormyRun(seed: number): Kernel {
  const kernel = readyCluster(seed, '2');
  const prng = prngStream(seed, 'storm');
  const nodes = ['controller', 'b1', 'b2', 'b3'];
  for (let round = 0; round < 30; round++) {
    const node = nodes[below(prng, nodes.length)] ?? '';
    if (kernel.slot(node).status === 'down') kernel.start(node);
    else kernel.stop(node, { powerLoss: false });
    runFor(kernel, below(prng, 8_000));
  }
  for (const node of nodes) kernel.start(node);
  runFor(kernel, 30_000);
  return kernel;
}
