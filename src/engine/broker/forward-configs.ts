import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { IncrementalAlterConfigsResponse } from '../protocol/incremental-alter-configs.ts';
import type { Broker } from './broker-memory.ts';
import { forwardToController } from './forward.ts';
import { respond, type Incoming } from './requests.ts';

type AlterApi = 'AlterConfigs' | 'IncrementalAlterConfigs';
type Refusal = IncrementalAlterConfigsResponse['responses'][number];

/**
 * A broker passes on what is to be changed of topics, of groups, of all brokers and of itself; who means another broker has
 * asked the wrong one (`ConfigAdminManager.preprocess`).
 */
export function forwardConfigs<A extends AlterApi>(broker: Broker, api: A, incoming: Incoming<A>): void {
  const { body, token } = incoming as Incoming<AlterApi>;
  const refused = body.resources.flatMap((resource) => refusalOf(broker, resource) ?? []);
  if (refused.length === 0) {
    forwardToController(broker, api, incoming);
    return;
  }
  const resources = body.resources.filter((resource) => refusalOf(broker, resource) === undefined);
  if (resources.length === 0) respond<AlterApi>(broker, token, { throttleTimeMs: 0, responses: refused });
  else forwardToController(broker, api, { ...incoming, body: { ...body, resources } }, refused);
}

function refusalOf(
  { memory: { settings } }: Broker,
  { resourceType, resourceName }: Pick<Refusal, 'resourceType' | 'resourceName'>,
): Refusal | undefined {
  if (resourceType !== CONFIG_RESOURCE.BROKER || resourceName === '') return undefined;
  const refuse = (errorMessage: string): Refusal => ({
    errorCode: ERROR_CODES.INVALID_REQUEST,
    errorMessage,
    resourceType,
    resourceName,
  });
  if (!/^[+-]?\d{1,9}$/.test(resourceName))
    return refuse(`Node id must be an integer, but it is: ${resourceName}`);
  return Number(resourceName) === settings.brokerId
    ? undefined
    : refuse(`Unexpected broker id, expected ${settings.brokerId}, but received ${resourceName}`);
}
