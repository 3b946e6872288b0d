import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import type { ConfigOverrides, ConfigTable } from '../api/config/config-key.ts';
import { brokerNode } from '../api/ids.ts';
import type { Scenario } from '../api/scenario.ts';
import type { AlterConfigSignal } from './operator-program.ts';

const isOnlyDynamic = (key: string): boolean => (BROKER_CONFIG as ConfigTable)[key]?.onlyDynamic === true;

/** What of a broker's written configuration stands in its server.properties. */
export const settingsInFile = (written: ConfigOverrides): ConfigOverrides =>
  Object.freeze(Object.fromEntries(Object.entries(written).filter(([key]) => !isOnlyDynamic(key))));

/** The rest, which no file can hold: the operator sets it as soon as there is a cluster. */
export const settingsOfOperator = ({
  brokerConfig,
  brokers,
  groups,
  shareGroups = [],
}: Scenario): readonly AlterConfigSignal[] => [
  ...settings({ kind: 'brokers' }, onlyDynamic(brokerConfig)),
  ...brokers.flatMap(({ id, config }) =>
    settings({ kind: 'broker', node: brokerNode(id) }, onlyDynamic(config)),
  ),
  ...[...groups, ...shareGroups].flatMap(({ id, groupConfig = {} }) =>
    settings({ kind: 'group', group: id }, groupConfig),
  ),
];

const onlyDynamic = (written: ConfigOverrides): ConfigOverrides =>
  Object.fromEntries(Object.entries(written).filter(([key]) => isOnlyDynamic(key)));

const settings = (target: AlterConfigSignal['target'], written: ConfigOverrides): AlterConfigSignal[] =>
  Object.keys(written)
    .sort()
    .map((key) => ({ type: 'alter-config', target, key, value: written[key] ?? null }));
