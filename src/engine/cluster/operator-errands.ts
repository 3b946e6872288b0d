import type { QuotaSpec } from '../api/quota.ts';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import type { IncrementalAlterConfigsRequest } from '../protocol/incremental-alter-configs.ts';
import type { AlterConfigSignal, AlterQuotaSignal, Errand } from './operator-program.ts';

const INCREMENTAL_SET = 0;
const INCREMENTAL_DELETE = 1;

const RESOURCE_TYPE: Readonly<Record<AlterConfigSignal['target']['kind'], number>> = {
  topic: CONFIG_RESOURCE.TOPIC,
  group: CONFIG_RESOURCE.GROUP,
  broker: CONFIG_RESOURCE.BROKER,
  brokers: CONFIG_RESOURCE.BROKER,
};

/** Sets a dynamic configuration value, as kafka-configs does. */
export function alterConfig({ target, key, value }: AlterConfigSignal): Errand {
  const resourceType = RESOURCE_TYPE[target.kind];
  const configOperation = value === null ? INCREMENTAL_DELETE : INCREMENTAL_SET;
  return {
    api: 'IncrementalAlterConfigs',
    body: Object.freeze({
      resources: [
        { resourceType, resourceName: resourceOf(target), configs: [{ name: key, configOperation, value }] },
      ],
      validateOnly: false,
    }),
  };
}

/** The broker that alone takes this: each changes its own configuration only. */
export function onlyBroker({ resources: [resource] }: IncrementalAlterConfigsRequest): number | undefined {
  if (resource?.resourceType !== CONFIG_RESOURCE.BROKER || resource.resourceName === '') return undefined;
  return Number(resource.resourceName);
}

/** Sets a quota or takes it away, as kafka-configs does. */
export function alterQuota({ user, clientId, ip, key, value }: QuotaSpec | AlterQuotaSignal): Errand {
  const entity = [
    ...(user === undefined ? [] : [{ entityType: 'user', entityName: user }]),
    ...(clientId === undefined ? [] : [{ entityType: 'client-id', entityName: clientId }]),
    ...(ip === undefined ? [] : [{ entityType: 'ip', entityName: ip }]),
  ];
  const ops = [{ key, value: value ?? 0, remove: value === null }];
  return {
    api: 'AlterClientQuotas',
    body: Object.freeze({ entries: [{ entity, ops }], validateOnly: false }),
  };
}

function resourceOf(target: AlterConfigSignal['target']): string {
  if (target.kind === 'topic') return target.topic;
  if (target.kind === 'group') return target.group;
  return target.kind === 'brokers' ? '' : target.node.slice(1);
}
