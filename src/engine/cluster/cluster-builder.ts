import { brokerNode, controllerPeers, memberNode, OPERATOR_NODE } from '../api/ids.ts';
import type { ApplicationSpec, GroupSpec, Scenario, ShareGroupSpec, Tape } from '../api/scenario.ts';
import { millis, toMillis, type SimTime } from '../base/time.ts';
import { brokerProgram } from '../broker/broker.ts';
import type { Bootstrap } from '../client/programs/bootstrap.ts';
import { consumerProgram } from '../client/programs/consumer-program.ts';
import { shareConsumerProgram } from '../client/programs/share-consumer-program.ts';
import { producerProgram } from '../client/programs/producer-program.ts';
import { controllerProgram } from '../controller/controller.ts';
import { Kernel } from '../sim/kernel.ts';
import { DATA_CENTRE } from '../sim/network.ts';
import type { Program } from '../sim/node-context.ts';
import type { StreamsInstanceConfig } from '../streams/runtime/instance-config.ts';
import { streamsInstanceProgram } from '../streams/runtime/streams-instance.ts';
import { settingsInFile, settingsOfOperator } from './dynamic-settings.ts';
import { operatorProgram } from './operator-program.ts';
import { PRELUDE } from './prelude.ts';

const CLUSTER_ID = 'millrace';

/** When the parts of a cluster are started, in kernel time. Each finds what it needs from the one before. */
const CONTROLLERS_AT: SimTime = 0;
const BROKERS_AT: SimTime = millis(100);
const OPERATOR_AT: SimTime = millis(1_500);
const CLIENTS_AT: SimTime = millis(4_000);

const PROGRAMS: readonly Program[] = [
  controllerProgram,
  brokerProgram,
  operatorProgram,
  producerProgram,
  consumerProgram,
  shareConsumerProgram,
  streamsInstanceProgram,
].map((program) => program as unknown as Program);

const EMPTY_TAPE: Tape = Object.freeze({ count: 0, timestamps: [], keys: [], values: [] });

const bootstrapOf = (scenario: Scenario): Bootstrap =>
  Object.freeze(Object.fromEntries(scenario.brokers.map(({ id }) => [id, brokerNode(id)])));

/**
 * The machines of a scenario, booted by the kernel's own events. Producers begin when the run does. Of `further` programs
 * the caller adds the machines.
 */
export function buildCluster(
  scenario: Scenario,
  tapes: Readonly<Record<string, Tape>>,
  further: readonly Program[] = [],
): Kernel {
  const kernel = new Kernel([...PROGRAMS, ...further], {
    seed: scenario.seed,
    epochMs: scenario.startMs - toMillis(PRELUDE),
    profile: DATA_CENTRE,
  });
  const bootstrap = bootstrapOf(scenario);
  addServers(kernel, scenario, bootstrap);
  addInstances(kernel, scenario, bootstrap);
  addReaders(kernel, scenario, bootstrap);
  for (const { id, topic, pace, transactions, config } of scenario.producers) {
    const tape = tapes[id] ?? EMPTY_TAPE;
    const settings = { id, bootstrap, topic, tape, pace, transactions, overrides: config };
    kernel.addNode(id, 'producer', Object.freeze(settings), PRELUDE);
  }
  return kernel;
}

function addServers(kernel: Kernel, scenario: Scenario, peers: Bootstrap): void {
  const controllers = Object.freeze(controllerPeers(scenario.controllers ?? 1));
  for (const [id, node] of Object.entries(controllers)) {
    const place = { nodeId: Number(id), clusterId: CLUSTER_ID, voters: controllers };
    const { brokerConfig, features = {} } = scenario;
    const config = Object.freeze({ ...place, overrides: settingsInFile(brokerConfig), features });
    kernel.addNode(node, 'controller', config, CONTROLLERS_AT);
  }
  for (const { id, rack, config } of scenario.brokers) {
    const settings = {
      brokerId: id,
      clusterId: CLUSTER_ID,
      controllers,
      peers,
      rack,
      before: scenario.before,
      requestMicros: scenario.requestMicros,
      coordinatorLoadMicros: scenario.coordinatorLoadMicros,
      overrides: settingsInFile({ ...scenario.brokerConfig, ...config }),
    };
    kernel.addNode(brokerNode(id), 'broker', Object.freeze(settings), BROKERS_AT);
  }
  const { topics, quotas = [] } = scenario;
  const operator = { bootstrap: peers, topics, settings: settingsOfOperator(scenario), quotas };
  kernel.addNode(OPERATOR_NODE, 'operator', Object.freeze(operator), OPERATOR_AT);
}

function addInstances(kernel: Kernel, scenario: Scenario, bootstrap: Bootstrap): void {
  const { before } = scenario;
  for (const spec of scenario.applications)
    for (let instance = 1; instance <= spec.instances; instance++) {
      const config = instanceConfig(spec, instance, { bootstrap, before });
      kernel.addNode(memberNode(spec.id, instance), 'streams-instance', config, CLIENTS_AT);
    }
}

/** What an instance of an application is started with. */
export const instanceConfig = (
  { id, staticMembers = false, config, ...spec }: ApplicationSpec,
  instance: number,
  cluster: Pick<StreamsInstanceConfig, 'bootstrap' | 'before'>,
): StreamsInstanceConfig => {
  const overrides = staticMembers ? { ...config, 'group.instance.id': memberNode(id, instance) } : config;
  const { topology, workMicros, onUncaughtException } = spec;
  const work = { topology, workMicros, onUncaughtException };
  return Object.freeze({ applicationId: id, instance, ...cluster, ...work, overrides });
};

function addReaders(
  kernel: Kernel,
  { groups, shareGroups = [], before }: Scenario,
  bootstrap: Bootstrap,
): void {
  const add = (
    program: string,
    { id, topic, members, config: overrides, ...work }: GroupSpec | ShareGroupSpec,
  ): void => {
    for (let member = 1; member <= members; member++) {
      const node = memberNode(id, member);
      const place = { id: node, groupId: id, topics: [topic], bootstrap };
      const settings = { ...place, ...work, overrides, before };
      kernel.addNode(node, program, Object.freeze(settings), CLIENTS_AT);
    }
  };
  for (const group of groups) add('consumer', group);
  for (const group of shareGroups) add('share-consumer', group);
}
