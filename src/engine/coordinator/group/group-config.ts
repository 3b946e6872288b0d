import type { BrokerConfig } from '../../api/config/broker-config.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import type { OF_BOTH, OF_SHARES } from '../../api/config/group-config.ts';
import type { CoordinatorHost } from '../coordinator-host.ts';

type Interval = (typeof OF_BOTH)[number];
type OfShares = Interval | (typeof OF_SHARES)[number];

/** A broker's configuration, and what one group has set for itself. */
export interface GroupSettings {
  readonly config: BrokerConfig;
  readonly own: ConfigOverrides;
}

/** A value of the consumer protocol within the bounds that the broker sets for it, in ms (`GroupConfig.evaluate`). */
export const clamped = ({ config, own }: GroupSettings, key: Interval): number =>
  Math.min(
    Math.max(
      Number(own[`consumer.${key}`] ?? config[`group.consumer.${key}`]),
      config[`group.consumer.min.${key}`],
    ),
    config[`group.consumer.max.${key}`],
  );

/** A value of a share group within the bounds that the broker sets for it, in ms where it is a time. */
export const clampedForShares = ({ config, own }: GroupSettings, key: OfShares): number =>
  Math.min(
    Math.max(Number(own[`share.${key}`] ?? config[`group.share.${key}`]), config[`group.share.min.${key}`]),
    config[`group.share.max.${key}`],
  );

export const settingsOf = (host: CoordinatorHost, groupId: string): GroupSettings => ({
  config: host.config,
  own: host.groupConfig(groupId),
});
