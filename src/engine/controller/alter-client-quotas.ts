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

const ENTITY_TYPES: readonly string[] = ['user', 'client-id'];
const BYTES: readonly string[] = ['producer_byte_rate', 'consumer_byte_rate'];
const KEYS: readonly string[] = [...BYTES, 'controller_mutation_rate'];
const NOT_MODELLED: readonly string[] = ['request_percentage', 'connection_creation_rate'];

/** Changes quotas, those of each entity as a whole or not at all (`ClientQuotaControlManager`). */
export function alterClientQuotas(
  cluster: Cluster,
  { entries, validateOnly }: AlterClientQuotasRequest,
): Decision<AlterClientQuotasResponse> {
  const records: ClientQuotaRecord[] = [];
  const answers = entries.map((entry) => {
    const { entity, ops } = entry;
    const errorMessage = entityProblem(entry) ?? ops.map(opProblem).find((text) => text !== null) ?? null;
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
  if (unknown === 'ip') return 'Quotas of addresses are not modelled';
  if (unknown !== undefined) return `Unhandled client quota entity type: ${unknown}`;
  if (new Set(types).size < types.length)
    return 'Invalid client quota entity, contains duplicate entity entry';
  return entity.some(({ entityName }) => entityName === '') ? 'Empty client quota entity name' : null;
}

function opProblem({ key, value, remove }: AlterClientQuotasRequestOp): string | null {
  if (NOT_MODELLED.includes(key)) return `${key} is a quota of Kafka that is not modelled`;
  if (!KEYS.includes(key)) return `Invalid configuration key ${key}`;
  if (remove) return null;
  if (value <= 0) return `Quota ${key} must be greater than 0`;
  return Number.isInteger(value) || !BYTES.includes(key) ? null : `${key} cannot be a fractional value`;
}
