import { GROUP_CONFIG } from '../api/config/group-config.ts';
import { clampedForShares } from '../coordinator/group/group-config.ts';
import { groupOverrides } from '../metadata/metadata-image.ts';
import type { BrokerMemory } from './broker-memory.ts';

/** What holds for the records that a share group is given: what the group has set, else what its broker has. */
export interface ShareSettings {
  /** How long a member may have a record. */
  readonly lockDurationMs: number;
  readonly deliveryCountLimit: number;
  /** How many records of a partition may be under way at once. */
  readonly maxInFlight: number;
  /** `latest`, `earliest` or `by_duration:` with a duration in ISO 8601. */
  readonly offsetReset: string;
  readonly isReadCommitted: boolean;
  readonly mayRenew: boolean;
}

export function shareSettingsOf({ config, image }: BrokerMemory, groupId: string): ShareSettings {
  const own = groupOverrides(image, groupId);
  const settings = { config, own };
  return {
    lockDurationMs: clampedForShares(settings, 'record.lock.duration.ms'),
    deliveryCountLimit: clampedForShares(settings, 'delivery.count.limit'),
    maxInFlight: clampedForShares(settings, 'partition.max.record.locks'),
    offsetReset: own['share.auto.offset.reset'] ?? GROUP_CONFIG['share.auto.offset.reset'].default,
    isReadCommitted: own['share.isolation.level'] === 'read_committed',
    mayRenew: own['share.renew.acknowledge.enable'] !== 'false',
  };
}
