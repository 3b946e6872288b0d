import type { ClientQuotaRecord } from '../metadata/metadata-record.ts';
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasRequestEntry,
  AlterClientQuotasRequestOp,
  AlterClientQuotasResponse,
} from '../protocol/alter-client-quotas.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { quotaEntityKey } from '../metadata/client-quotas.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';

const ENTITY_TYPES: readonly string[] = ['user', 'client-id', 'ip'];
/** Keys of an address, and those of users and clients. */
const IP_KEYS: readonly string[] = ['connection_creation_rate'];
const CLIENT_KEYS: readonly string[] = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
];
const FRACTIONAL: readonly string[] = ['request_percentage', 'controller_mutation_rate'];
/** Of `connection_creation_rate`, an INT. */
const RATE_MAX = 2_147_483_647;

/** Changes quotas, those of each entity as a whole or not at all (`ClientQuotaControlManager`). */
export function alterClientQuotas(
  cluster: Cluster,
  { entries, validateOnly }: AlterClientQuotasRequest,
): Decision<AlterClientQuotasResponse> {
  const records: ClientQuotaRecord[] = [];
  const answers = entries.map((entry) => {
    const { entity, ops } = entry;
    const errorMessage =
      entityProblem(entry) ?? ops.map((op) => opProblem(entry, op)).find((text) => text !== null) ?? null;
    if (errorMessage === null)
      for (const op of ops) if (changesSomething(cluster, entry, op)) records.push(recordOf(entry, op));
    return { errorCode: errorMessage === null ? NONE : ERROR_CODES.INVALID_REQUEST, errorMessage, entity };
  });
  const response = { throttleTimeMs: 0, entries: answers };
  return validateOnly ? answer(response) : { records, facts: [], response };
}

const recordOf = (
  { entity }: AlterClientQuotasRequestEntry,
  { key, value, remove }: AlterClientQuotasRequestOp,
): ClientQuotaRecord => ({ type: 'ClientQuotaRecord', entity, key, value: remove ? 0 : value, remove });

function changesSomething(
  { image }: Cluster,
  { entity }: AlterClientQuotasRequestEntry,
  { key, value, remove }: AlterClientQuotasRequestOp,
): boolean {
  const present = image.quotas.get(quotaEntityKey(entity))?.values[key];
  return remove ? present !== undefined : present !== value;
}

function entityProblem({ entity }: AlterClientQuotasRequestEntry): string | null {
  if (entity.length === 0) return 'Invalid empty client quota entity';
  const types = entity.map(({ entityType }) => entityType);
  const unknown = types.find((type) => !ENTITY_TYPES.includes(type));
  if (unknown !== undefined) return `Unhandled client quota entity type: ${unknown}`;
  if (new Set(types).size < types.length)
    return 'Invalid client quota entity, contains duplicate entity entry';
  if (entity.some(({ entityName }) => entityName === '')) return 'Empty client quota entity name';
  return types.includes('ip') && types.length > 1
    ? 'Invalid quota entity combination, IP entity should not be combined with User or ClientId'
    : null;
}

function opProblem(
  { entity }: AlterClientQuotasRequestEntry,
  { key, value, remove }: AlterClientQuotasRequestOp,
): string | null {
  const keys = entity[0]?.entityType === 'ip' ? IP_KEYS : CLIENT_KEYS;
  if (!keys.includes(key)) return `Invalid configuration key ${key}`;
  if (remove) return null;
  if (value <= 0) return `Quota ${key} must be greater than 0`;
  if (!Number.isInteger(value) && !FRACTIONAL.includes(key)) return `${key} cannot be a fractional value`;
  return keys === IP_KEYS && value > RATE_MAX ? `Proposed value for ${key} is too large for an INT.` : null;
}
