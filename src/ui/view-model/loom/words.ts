import type { GroupEntity } from '../../../engine/api/entities/group.ts';
import type { NodeEntity } from '../../../engine/api/entities/node.ts';
import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import type { ProducerEntity } from '../../../engine/api/entities/producer.ts';
import type { TaskEntity } from '../../../engine/api/entities/application.ts';
import { count, plural } from '../number-format.ts';
import type { Station } from './graph.ts';

/** The status word of a machine, '' when all is well. Words never hide, whatever else has to. */
export function statusWord(node: NodeEntity): string {
  if (node.status === 'down') return 'DOWN';
  if (node.status === 'paused') return 'PAUSED';
  if (node.stopping) return 'STOPPING';
  return node.broker?.fenced === true ? 'FENCED' : '';
}

export const brokerLabel = (id: number): string => (id < 0 ? 'nobody' : `B${id}`);

export function describeNode(node: NodeEntity): string {
  const status = statusWord(node).toLowerCase() || 'up';
  const broker = node.broker
    ? `, ${node.status === 'down' && !node.broker.fenced ? 'still named leader of' : 'leads'} ${count(node.broker.leads)} of ${plural(node.broker.replicas, 'replica')}`
    : '';
  return `${node.role} ${node.label}, ${status}${broker}`;
}

export function describePartition(p: PartitionEntity): string {
  const led = p.leader < 0 ? 'no leader' : `led by ${brokerLabel(p.leader)} in epoch ${p.leaderEpoch}`;
  return `${p.name}, ${led}, in sync ${p.isr.map(brokerLabel).join(' ')} of ${p.replicas.map(brokerLabel).join(' ')}`;
}

export function describeTask(task: TaskEntity, instance: NodeEntity | undefined): string {
  const owner = instance === undefined ? 'on no instance' : `on ${instance.label}`;
  const restore = task.restoreRemaining > 0 ? `, ${count(task.restoreRemaining)} records to restore` : '';
  return `task ${task.task}, ${task.state} ${owner}, ${count(task.recordsPerSecond)} records a second${restore}`;
}

export const describeProducer = (p: ProducerEntity, node: NodeEntity | undefined): string =>
  `producer ${node?.label ?? p.node}, ${node?.status ?? 'unknown'}, buffered ${count(p.buffered)}, in flight ${count(p.inFlight)}, acknowledged ${count(p.acknowledged)}, failed ${count(p.failed)}`;

/** Name above a station, and the line below it. */
export interface Head {
  readonly name: string;
  readonly sub: string;
}

export function headOf(station: Station, nodes: ReadonlyMap<string, NodeEntity>): Head {
  switch (station.kind) {
    case 'producers':
      return producersHead(station.producers, nodes);
    case 'topic': {
      const { name, internal, partitions, replicationFactor } = station.topic;
      if (internal && name.endsWith('-repartition')) return { name: 'repartition', sub: 'internal topic' };
      return { name, sub: `${plural(partitions, 'partition')} × ${replicationFactor}` };
    }
    case 'subtopology': {
      const [, first, rest] = /^(.*?)(?:,? ((?:per|by|to) .*))?$/.exec(station.facts.label) ?? [];
      return { name: first || station.application.name, sub: rest ?? plural(station.rows, 'task') };
    }
    case 'group':
      return { name: station.group.name, sub: groupState(station.group) };
  }
}

function producersHead(producers: readonly ProducerEntity[], nodes: ReadonlyMap<string, NodeEntity>): Head {
  const [only] = producers;
  if (producers.length !== 1 || only === undefined) {
    const rate = producers.reduce((sum, p) => sum + p.recordsPerSecond, 0);
    return { name: `${producers.length} producers`, sub: `${count(rate)} /s` };
  }
  return { name: nodes.get(only.node)?.label ?? only.node, sub: `tape of ${count(only.tapeTotal)}` };
}

/** Who are its members only a coordinator that is up can say. */
export function groupState({ members: { length }, state }: GroupEntity): string {
  const members = plural(length, 'member');
  // PreparingRebalance and CompletingRebalance of the classic protocol, Assigning and Reconciling of the others
  if (/ing(Rebalance)?$/.test(state)) return `${members}, rebalancing`;
  return state === 'unknown' ? 'state unknown' : state === 'Dead' ? 'dead' : members;
}
