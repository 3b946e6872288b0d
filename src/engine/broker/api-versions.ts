import { NONE } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { respond, type Incoming } from './requests.ts';

/** What the cluster can do: the levels of its features, as this broker's metadata has them. */
export function handleApiVersions(broker: Broker, { token }: Incoming<'ApiVersions'>): void {
  const { image } = broker.memory;
  const finalizedFeatures = [...image.features].map(([name, level]) => ({
    name,
    maxVersionLevel: level,
    minVersionLevel: level,
  }));
  respond<'ApiVersions'>(broker, token, {
    errorCode: NONE,
    throttleTimeMs: 0,
    finalizedFeaturesEpoch: image.offset,
    finalizedFeatures,
  });
}
