import type { ClusterEntity, Entity, EntityId } from '../../engine/api/frame.ts';
import type { NodeEntity } from '../../engine/api/entities/node.ts';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import type { SimTime } from '../../engine/base/time.ts';
import { brokerName, listed, threadWords, type Names } from './caption.ts';
import { count, moment, plural, seconds } from './number-format.ts';
import { transactionState } from './transaction-table.ts';

type Entities = ReadonlyMap<EntityId, Entity>;

const hasThreads = (entity: Entity | undefined): boolean =>
  entity?.kind === 'node' && (entity.instance?.threads.length ?? 0) > 1;

/** Names as the entities give them; a machine that is not known keeps its id. */
export function namesOf(entities: Entities): Names {
  const names = {
    node: (id: string): string => {
      const entity = entities.get(id);
      return entity?.kind === 'node' ? entity.label : id;
    },
    transaction: (id: string): string => {
      for (const entity of entities.values())
        if (entity.kind === 'node' && entity.transactionalIds?.includes(id) === true)
          return threadWords(
            entity.label,
            hasThreads(entity) ? Number(id.slice(id.lastIndexOf('-') + 1)) : undefined,
          );
      return id;
    },
    writer: (producerId: number): string => {
      for (const entity of entities.values())
        if (entity.kind === 'transaction' && entity.producerId === producerId)
          return names.transaction(entity.name);
      return `producer id ${producerId}`;
    },
    hasThreads: (id: string): boolean => hasThreads(entities.get(id)),
  };
  return names;
}

/** The whole scene in a few sentences, true at the moment of asking. */
export function sceneSummary(entities: Entities, at: SimTime, playing: boolean): string {
  const cluster = entities.get('cluster');
  const parts = [`${playing ? 'Playing' : 'Paused'} at ${moment(at)}.`];
  if (cluster?.kind === 'cluster') parts.push(clusterSentence(cluster));
  for (const entity of entities.values()) {
    if (entity.kind === 'node' && entity.status !== 'up') parts.push(`${entity.label} is ${entity.status}.`);
    if (entity.kind === 'group')
      parts.push(
        `Group ${entity.name}: ${plural(sum(entity.partitions.map((p) => p.lag)), 'record')} not read.`,
      );
  }
  return parts.join(' ');
}

function clusterSentence({ brokersUp, brokers, underReplicated, offline, ledger }: ClusterEntity): string {
  const health =
    offline > 0
      ? `${plural(offline, 'partition')} offline`
      : underReplicated > 0
        ? `${plural(underReplicated, 'partition')} under-replicated`
        : 'every partition in sync';
  return `${count(brokersUp)} of ${plural(brokers, 'broker')} up, ${health}. ${count(ledger.asked)} records asked, ${count(ledger.acknowledged)} acknowledged, ${ledger.lost === 0 ? 'none' : count(ledger.lost)} lost.`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** What one entity is and how it is, for those who cannot see the stage. */
export function describe(entity: Entity, names: Names): string {
  switch (entity.kind) {
    case 'cluster':
      return clusterSentence(entity);
    case 'node':
      return nodeSentence(entity);
    case 'topic':
      return `Topic ${entity.name}, ${plural(entity.partitions, 'partition')}, ${entity.replicationFactor} replicas each, ${count(entity.recordsPerSecond)} records a second.`;
    case 'partition': {
      const state = entity.states.find((replica) => replica.broker === entity.leader);
      const leader =
        entity.leader < 0
          ? 'no leader'
          : `leader ${brokerName(entity.leader)} in epoch ${entity.leaderEpoch}`;
      const offsets =
        state === undefined
          ? ''
          : `, high watermark ${count(state.highWatermark)}, log end ${count(state.logEnd)}`;
      return `Partition ${entity.name}, ${leader}, in sync ${listed(entity.isr.map(brokerName))}${offsets}${stability(entity)}.`;
    }
    case 'producer':
      return `Producer ${names.node(entity.node)}: ${count(entity.buffered)} buffered, ${count(entity.inFlight)} in flight, ${count(entity.acknowledged)} acknowledged.`;
    case 'application':
      return `Application ${entity.name}, ${plural(entity.instances.length, 'instance')}, ${count(entity.recordsPerSecond)} records a second, ${count(entity.droppedLate)} late records dropped.`;
    case 'task':
      return `Task ${entity.task} of ${entity.application}, ${entity.state}${entity.instance === '' ? '' : ` on ${names.node(entity.instance)}`}, ${plural(entity.storeEntries, 'store entry').replace('entrys', 'entries')}.`;
    case 'group': {
      const lag = sum(entity.partitions.map((partition) => partition.lag));
      const oldest = Math.max(0, ...entity.partitions.map((partition) => partition.lagMs));
      return `Group ${entity.name}, ${entity.state}, ${entity.assignmentEpoch === undefined ? 'generation' : 'epoch'} ${entity.generation}, ${plural(entity.members.length, 'member')}, lag ${count(lag)}${lag === 0 ? '' : `, oldest ${seconds(oldest)}`}.`;
    }
    case 'transaction':
      return `Transactional id ${entity.name}, ${transactionState(entity.state)}, producer id ${entity.producerId}, epoch ${entity.producerEpoch}.`;
    case 'link':
      return `Link ${names.node(entity.a)} to ${names.node(entity.b)}, ${linkState(entity.cut, entity.extraMicros)}.`;
  }
}

/** How far a reader of what is committed may read, and what holds it up. */
function stability({ states, leader, openTransactions = [] }: PartitionEntity): string {
  const lastStable = states.find((replica) => replica.broker === leader)?.lastStable;
  if (lastStable === undefined) return '';
  const open =
    openTransactions.length === 0 ? '' : `, ${plural(openTransactions.length, 'open transaction')}`;
  return `, last stable offset ${count(lastStable)}${open}`;
}

export const linkState = (cut: boolean, extraMicros: number): string =>
  cut ? 'cut' : extraMicros > 0 ? `${count(extraMicros / 1000)} ms slower` : 'as it should be';

function nodeSentence({ label, role, status, stopping, broker }: NodeEntity): string {
  const state = stopping ? 'stopping' : status;
  const facts =
    broker === undefined
      ? ''
      : `, ${status === 'down' && !broker.fenced ? 'still named leader of' : 'leads'} ${plural(broker.leads, 'partition')}${broker.fenced ? ', fenced' : ''}`;
  return `${label}, ${role}, ${state}${facts}.`;
}
