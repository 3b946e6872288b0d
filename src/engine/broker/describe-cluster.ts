import { CLUSTER_OPERATIONS, NO_OPERATIONS } from '../protocol/authorized-operations.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { endpointOf } from './metadata-response.ts';
import { respond, type Incoming } from './requests.ts';

/** `EndpointType`. */
const ENDPOINT = { BROKER: 1, CONTROLLER: 2 } as const;
/** The first version that knows of endpoints. */
const NAMES_ENDPOINTS = 1;

/** Who belongs to the cluster (KIP-700, KIP-919, KIP-1073). */
export function handleDescribeCluster(
  { memory, context }: Broker,
  { token, version, body }: Incoming<'DescribeCluster'>,
): void {
  const { image, settings } = memory;
  const registered = [...image.brokers.values()];
  const isAnyAlive = registered.some(({ fenced }) => !fenced);
  const errorCode = endpointError(body.endpointType, version);
  const brokers = registered
    .filter(({ fenced }) => errorCode === NONE && (!fenced || body.includeFencedBrokers))
    .map(({ brokerId, rack, fenced }) => {
      const { host, port } = endpointOf(memory, brokerId);
      return { brokerId, host, port, rack, isFenced: fenced };
    });
  respond<'DescribeCluster'>({ memory, context }, token, {
    throttleTimeMs: 0,
    errorCode,
    errorMessage: errorCode === NONE ? null : `Unsupported endpoint type ${body.endpointType}`,
    endpointType: ENDPOINT.BROKER,
    clusterId: errorCode === NONE ? settings.clusterId : '',
    controllerId: isAnyAlive && errorCode === NONE ? settings.brokerId : -1,
    brokers,
    clusterAuthorizedOperations:
      body.includeClusterAuthorizedOperations && errorCode === NONE ? CLUSTER_OPERATIONS : NO_OPERATIONS,
  });
}

function endpointError(endpointType: number, version: number): number {
  if (endpointType === ENDPOINT.BROKER) return NONE;
  if (version < NAMES_ENDPOINTS) return ERROR_CODES.INVALID_REQUEST;
  return endpointType === ENDPOINT.CONTROLLER
    ? ERROR_CODES.MISMATCHED_ENDPOINT_TYPE
    : ERROR_CODES.UNSUPPORTED_ENDPOINT_TYPE;
}
