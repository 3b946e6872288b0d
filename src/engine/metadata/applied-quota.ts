import type { QuotaEntity } from '../protocol/alter-client-quotas.ts';
import { quotaEntityKey, type ClientQuota } from './client-quotas.ts';

/** Whoever does not log in (`KafkaPrincipal.ANONYMOUS`), and here nobody does. */
const USER = 'ANONYMOUS';

/** A quota, and what name all who share it are counted under. */
export interface AppliedQuota {
  readonly bound: number;
  readonly counted: string;
}

/** The quota that holds for a client, the most special first (`ClientQuotaManager.DefaultQuotaCallback`). */
export function appliedQuota(
  quotas: ReadonlyMap<string, ClientQuota>,
  { key, clientId }: { readonly key: string; readonly clientId: string },
): AppliedQuota | undefined {
  const user = (entityName: string | null): QuotaEntity => ({ entityType: 'user', entityName });
  const client = (entityName: string | null): QuotaEntity => ({ entityType: 'client-id', entityName });
  const levels: readonly (readonly [readonly QuotaEntity[], string])[] = [
    [[user(USER), client(clientId)], `${USER}/${clientId}`],
    [[user(USER), client(null)], `${USER}/${clientId}`],
    [[user(USER)], USER],
    [[user(null), client(clientId)], `${USER}/${clientId}`],
    [[user(null), client(null)], `${USER}/${clientId}`],
    [[user(null)], USER],
    [[client(clientId)], `/${clientId}`],
    [[client(null)], `/${clientId}`],
  ];
  for (const [entity, counted] of levels) {
    const bound = quotas.get(quotaEntityKey(entity))?.values[key];
    if (bound !== undefined) return { bound, counted: `${key}/${counted}` };
  }
  return undefined;
}
