import type { BrokerFacts, NodeEntity, NodeRole } from '../../api/entities/node.ts';
import type { LinkEntity } from '../../api/frame.ts';
import type { ProducerEntity } from '../../api/entities/producer.ts';
import { brokerNode, CONTROLLER_NODE, memberNode, type BrokerId, type NodeId } from '../../api/ids.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import { brokerFacts, isStopping } from '../../broker/facts.ts';
import { quotaFacts } from '../../broker/quota-facts.ts';
import { handlerFacts } from '../../broker/request-handlers.ts';
import { allReplicas } from '../../broker/replica.ts';
import { throttleFacts } from '../../broker/replication-quota.ts';
import { tapePlayerFacts } from '../../client/programs/producer-entity.ts';
import { brokerViews, controllerFacts, type BrokerView } from '../../controller/controller-view.ts';
import { shown } from '../prelude.ts';
import type { World } from '../world.ts';
import { instanceFactsOf } from './instance-facts.ts';
import { directoryFacts } from './directory-facts.ts';
import { rateOf, type FrameSource } from './frame-source.ts';
import { storedFacts } from './stored-facts.ts';
import { troubledLinks } from './troubled-links.ts';
import { producerTransactions } from './transaction-entities.ts';

/** Name of the counter of records a producer got acknowledged. */
export const acknowledgedCounter = (node: NodeId): string => `acknowledged/${node}`;

interface NodePlan {
  readonly node: NodeId;
  readonly role: NodeRole;
  readonly label: string;
  readonly memberOf?: string;
}

/** The machines of a scenario in the order of the stage, with their short names. */
export function nodePlans(world: World): NodePlan[] {
  const { brokers, producers, applications, groups, shareGroups = [] } = world.scenario;
  const instances = applications.flatMap(({ id, instances: count }) => members(id, count));
  const readers = [...groups, ...shareGroups].flatMap(({ id, members: count }) => members(id, count));
  return [
    ...world.controllers.map((node) => ({ node, role: 'controller' as const, label: labelOf(node) })),
    ...brokers.map(({ id }) => ({ node: brokerNode(id), role: 'broker' as const, label: `B${id}` })),
    ...producers.map(({ id }, i) => ({ node: id, role: 'producer' as const, label: `P${i + 1}` })),
    ...instances.map((member, i) => ({ ...member, role: 'application' as const, label: `V${i + 1}` })),
    ...readers.map((member, i) => ({ ...member, role: 'consumer' as const, label: `C${i + 1}` })),
  ];
}

/** K, or K1 to K3. */
const labelOf = (controller: NodeId): string =>
  controller === CONTROLLER_NODE ? 'K' : controller.toUpperCase();

const members = (memberOf: string, count: number): { node: NodeId; memberOf: string }[] =>
  Array.from({ length: count }, (_, i) => ({ node: memberNode(memberOf, i + 1), memberOf }));

export function nodeEntities({ world }: FrameSource): NodeEntity[] {
  const controller = world.activeController();
  const views = new Map(
    controller === undefined ? [] : brokerViews(controller).map((view) => [view.brokerId, view]),
  );
  return nodePlans(world).map(({ node, role, label, memberOf }) => {
    const { status, since, incarnation } = world.slot(node);
    const brokerId = role === 'broker' ? Number(node.slice(1)) : -1;
    const memory = role === 'broker' ? world.broker(brokerId) : undefined;
    return {
      kind: 'node',
      id: node,
      role,
      label,
      status,
      stopping: role === 'broker' && memory !== undefined && isStopping(memory),
      since: shown(since),
      incarnation,
      ...(role === 'broker' ? { broker: factsOfBroker(world, brokerId, views.get(brokerId)) } : {}),
      ...factsOfController(world, node),
      ...(memberOf === undefined ? {} : { memberOf }),
      ...(role === 'application' ? instanceFactsOf(world, node) : {}),
    };
  });
}

function factsOfController(world: World, node: NodeId): Pick<NodeEntity, 'controller'> {
  const memory = world.controllers.includes(node) ? world.controller(node) : undefined;
  return memory === undefined ? {} : { controller: controllerFacts(memory) };
}

/** What the broker knows of itself, or what lies on its disk while it is down, and over it what the controller says. */
function factsOfBroker(world: World, brokerId: BrokerId, view: BrokerView | undefined): BrokerFacts {
  const memory = world.broker(brokerId);
  const { disk } = world.slot(brokerNode(brokerId));
  const own = memory === undefined ? undefined : brokerFacts(memory);
  const { replicas, bytesStored } = own ?? storedFacts(world, brokerId);
  return {
    brokerId,
    brokerEpoch: view?.brokerEpoch ?? own?.brokerEpoch ?? -1,
    fenced: view?.fenced ?? own?.fenced ?? true,
    leads: view?.leads ?? own?.leads ?? 0,
    replicas,
    lastHeartbeatAt: shownOrNever(view?.lastHeartbeatAt ?? own?.lastHeartbeatAt ?? -1),
    ...(own === undefined ? {} : { connections: own.connections }),
    ...(memory === undefined ? {} : { metadataOffset: memory.image.offset }),
    bytesStored,
    ...(memory?.directories === null && disk.failed.size === 0 ? {} : directoryFacts(world, brokerId)),
    ...(memory === undefined ? {} : { ...dutiesOf(world, memory), ...throttlesOf(world, memory) }),
  };
}

function dutiesOf(world: World, memory: BrokerMemory): Pick<BrokerFacts, 'handlers' | 'quotas'> {
  const { now } = world.kernel.state;
  const handlers = handlerFacts(memory, now);
  if (memory.image.quotas.size === 0) return { handlers };
  const context = world.kernel.context(brokerNode(memory.settings.brokerId));
  const quotas = quotaFacts(memory, { now, wallClockMs: context.wallClockMs() });
  return quotas.length === 0 ? { handlers } : { handlers, quotas };
}

function throttlesOf(world: World, memory: BrokerMemory): Pick<BrokerFacts, 'throttles'> {
  for (const { throttled } of allReplicas(memory))
    if (throttled.length > 0) {
      const { brokerId } = memory.settings;
      return { throttles: throttleFacts(memory, world.kernel.context(brokerNode(brokerId)).wallClockMs()) };
    }
  return {};
}

const shownOrNever = (at: number): number => (at < 0 ? -1 : Math.max(0, shown(at)));

export function producerEntities(source: FrameSource): ProducerEntity[] {
  return source.world.scenario.producers.map(({ id, topic }) => {
    const memory = source.world.producer(id);
    const facts = memory === undefined ? undefined : tapePlayerFacts(memory);
    const acknowledged = facts?.acknowledged ?? 0;
    return {
      kind: 'producer',
      id: `producer:${id}`,
      node: id,
      topic,
      tapeTotal: facts?.tapeTotal ?? 0,
      sent: facts?.sent ?? 0,
      buffered: facts?.buffered ?? 0,
      inFlight: facts?.inFlight ?? 0,
      acknowledged,
      failed: (facts?.failed ?? 0) + (facts?.unknown ?? 0),
      bufferBytes: facts?.bufferBytes ?? 0,
      bufferBytesMax: facts?.bufferBytesMax ?? 0,
      recordsPerSecond: rateOf(source, acknowledgedCounter(id), acknowledged),
      waitingByPartition: facts?.waitingByPartition ?? [],
      ...(memory?.transactions == null ? {} : producerTransactions(memory)),
    };
  });
}

/** Links that are cut or slowed, or that still hold something back. */
export function linkEntities({ world }: FrameSource): LinkEntity[] {
  for (const { cut, extraMicros, held } of world.kernel.state.network.links.values())
    if (cut || extraMicros > 0 || held.length > 0) return troubledLinks(world);
  return [];
}
