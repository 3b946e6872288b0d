import type { QuotaEntity } from '../protocol/alter-client-quotas.ts';

/** The quotas of one entity, by key. Frozen. */
export interface ClientQuota {
  readonly entity: readonly QuotaEntity[];
  readonly values: Readonly<Record<string, number>>;
}

/** Names an entity, in whatever order its parts come. */
export const quotaEntityKey = (entity: readonly QuotaEntity[]): string =>
  JSON.stringify(entity.map(({ entityType, entityName }) => [entityType, entityName]).sort(byType));

const byType = ([a]: readonly unknown[], [b]: readonly unknown[]): number => (String(a) < String(b) ? -1 : 1);

/** Sets or, with `remove`, takes away one value of an entity; an entity without values is gone. */
export function setClientQuota(
  quotas: Map<string, ClientQuota>,
  change: { readonly entity: readonly QuotaEntity[]; readonly key: string; readonly value: number },
  remove: boolean,
): void {
  const name = quotaEntityKey(change.entity);
  const values: Record<string, number> = { ...quotas.get(name)?.values };
  if (remove) delete values[change.key];
  else values[change.key] = change.value;
  if (Object.keys(values).length === 0) quotas.delete(name);
  else quotas.set(name, Object.freeze({ entity: change.entity, values: Object.freeze(values) }));
}
