import type { NodeEntity, QuotaFacts } from '../../engine/api/entities/node.ts';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import { brokerName } from './caption.ts';
import { byteCount, seconds } from './number-format.ts';

export interface QuotaLine {
  readonly name: string;
  readonly value: string;
}

/** The client ids of a machine: each stream thread of an application's instance has a producer and consumers of its own. */
export function clientIdsOf(node: Entity | undefined): readonly string[] {
  if (node?.kind !== 'node') return [];
  if (node.role === 'application')
    return (node.instance?.threads ?? []).flatMap(({ name }) =>
      ['producer', 'consumer', 'restore-consumer'].map((client) => `${name}-${client}`),
    );
  return node.role === 'producer' || node.role === 'consumer' ? [node.id] : [];
}

/** Whom a broker holds to a quota, and how each of them stands. */
export const quotaLinesOf = ({ broker }: NodeEntity): readonly QuotaLine[] =>
  (broker?.quotas ?? []).map((quota) => ({
    name: `${quota.clientId === null ? 'all clients' : `client ${quota.clientId}`}, ${quota.key}`,
    value: standing(quota),
  }));

/** Which brokers hold the clients of a machine to a quota, and how they stand there. */
export function quotasHolding(
  entities: ReadonlyMap<EntityId, Entity>,
  node: NodeEntity,
): readonly QuotaLine[] {
  const ids = clientIdsOf(node);
  if (ids.length === 0) return [];
  return [...entities.values()].flatMap((entity) =>
    entity.kind !== 'node' || entity.broker === undefined
      ? []
      : linesOn(entity.broker.brokerId, entity.broker.quotas ?? [], ids),
  );
}

const linesOn = (
  brokerId: number,
  quotas: readonly QuotaFacts[],
  ids: readonly string[],
): readonly QuotaLine[] =>
  quotas.flatMap((quota) =>
    quota.clientId === null || ids.includes(quota.clientId)
      ? [{ name: `${quota.key} on ${brokerName(brokerId)}`, value: standing(quota) }]
      : [],
  );

function standing({ key, rate, limit, silentFor }: QuotaFacts): string {
  const used =
    key === 'request_percentage'
      ? `${percent(rate)} of ${percent(limit)} of a thread`
      : `${byteCount(Math.round(rate))} of ${byteCount(limit)} a second`;
  return silentFor > 0 ? `${used}, silent for ${seconds(silentFor / 1_000)}` : used;
}

const percent = (n: number): string => `${Number(n.toPrecision(2))} %`;
