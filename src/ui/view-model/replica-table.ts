import type { Entity, EntityId } from '../../engine/api/frame.ts';
import type { PartitionEntity, ReplicaState } from '../../engine/api/entities/partition.ts';
import { brokerName } from './caption.ts';
import { count } from './number-format.ts';

export interface ReplicaLine {
  readonly broker: string;
  readonly role: string;
  readonly inSync: boolean;
  readonly throttled: boolean;
  readonly logStart: string;
  readonly highWatermark: string;
  readonly logEnd: string;
  /** Records that the leader has and it has not; empty for the leader and without one. */
  readonly behind: string;
  readonly epoch: string;
}

export interface PartitionLine {
  readonly id: EntityId;
  readonly name: string;
  readonly leader: string;
  readonly epoch: string;
  readonly isr: string;
  readonly whole: boolean;
  readonly replicas: readonly ReplicaLine[];
}

/** Every partition with its replicas, by topic and number; internal topics last. */
export function partitionLines(entities: ReadonlyMap<EntityId, Entity>): readonly PartitionLine[] {
  const internal = new Set(
    [...entities.values()].flatMap((entity) =>
      entity.kind === 'topic' && entity.internal ? [entity.name] : [],
    ),
  );
  return [...entities.values()]
    .filter((entity): entity is PartitionEntity => entity.kind === 'partition')
    .sort(
      (a, b) =>
        Number(internal.has(a.topic)) - Number(internal.has(b.topic)) ||
        (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition),
    )
    .map(partitionLine);
}

export function partitionLine(partition: PartitionEntity): PartitionLine {
  const { leader, isr, replicas, states } = partition;
  const leading = states.find((state) => state.broker === leader);
  return {
    id: partition.id,
    name: partition.name,
    leader: leader < 0 ? 'OFFLINE' : brokerName(leader),
    epoch: count(partition.leaderEpoch),
    isr: replicas
      .filter((broker) => isr.includes(broker))
      .map(brokerName)
      .join(' '),
    whole: isr.length === replicas.length,
    replicas: states.map((state) => replicaLine(state, partition, leading)),
  };
}

function replicaLine(
  state: ReplicaState,
  { leader, isr }: PartitionEntity,
  leading: ReplicaState | undefined,
): ReplicaLine {
  const leads = state.broker === leader;
  return {
    broker: brokerName(state.broker),
    role: !state.online ? 'DOWN' : leads ? 'leader' : state.role,
    inSync: isr.includes(state.broker),
    throttled: state.throttled === true,
    logStart: count(state.logStart),
    highWatermark: count(state.highWatermark),
    logEnd: count(state.logEnd),
    behind: leads || leading === undefined ? '' : count(leading.logEnd - state.logEnd),
    epoch: count(state.leaderEpoch),
  };
}
