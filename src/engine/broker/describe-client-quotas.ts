import type { ClientQuota } from '../metadata/client-quotas.ts';
import type {
  DescribeClientQuotasRequest,
  DescribeClientQuotasRequestComponent,
} from '../protocol/describe-client-quotas.ts';
import { NONE } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { respond, type Incoming } from './requests.ts';

const MATCH = { EXACT: 0, DEFAULT: 1, SPECIFIED: 2 } as const;

/** The quotas that the metadata has (`ClientQuotasImage.describe`). */
export function handleDescribeClientQuotas(
  broker: Broker,
  { token, body }: Incoming<'DescribeClientQuotas'>,
): void {
  const found = [...broker.memory.image.quotas.values()].filter((quota) => isMeant(quota, body));
  const entries = found.map(({ entity, values }) => ({
    entity,
    values: Object.keys(values)
      .sort()
      .map((key) => ({ key, value: values[key] ?? 0 })),
  }));
  const response = { throttleTimeMs: 0, errorCode: NONE, errorMessage: null, entries };
  respond<'DescribeClientQuotas'>(broker, token, response);
}

const isMeant = ({ entity }: ClientQuota, { components, strict }: DescribeClientQuotasRequest): boolean =>
  components.every((component) => hasPart(entity, component)) &&
  (!strict || entity.length === components.length);

function hasPart(
  entity: ClientQuota['entity'],
  { entityType, matchType, match }: DescribeClientQuotasRequestComponent,
): boolean {
  const part = entity.find((item) => item.entityType === entityType);
  if (part === undefined) return false;
  if (matchType === MATCH.SPECIFIED) return true;
  return matchType === MATCH.DEFAULT ? part.entityName === null : part.entityName === match;
}
