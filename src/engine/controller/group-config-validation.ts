import type { BrokerConfig } from '../api/config/broker-config.ts';
import { parseConfigValue, type ConfigOverrides } from '../api/config/config-key.ts';
import { OF_BOTH, OF_SHARES } from '../api/config/group-config.ts';
import { groupDefinitions } from '../api/config/group-values.ts';

/**
 * Why a group cannot have these values, or undefined (`GroupConfig.validate`): each as Kafka defines it, within the bounds
 * that brokers set, and a session longer than the time between two heartbeats.
 */
export function groupConfigProblem(values: ConfigOverrides, config: BrokerConfig): string | undefined {
  const names = Object.keys(values).sort();
  if (names.length === 0) return undefined;
  const definitions = groupDefinitions();
  const unknown = names.find((name) => !Object.hasOwn(definitions, name));
  if (unknown !== undefined) return `Unknown group config name: ${unknown}`;
  for (const name of names) {
    const definition = definitions[name];
    const parsed = definition && parseConfigValue(name, definition, values[name] ?? '');
    if (parsed?.ok === false) return parsed.error.message;
  }
  if (values['errors.deadletterqueue.topic.name']?.startsWith('__') === true)
    return "errors.deadletterqueue.topic.name: DLQ topic name must not start with '__'";
  return outOfBounds(values, config) ?? shortSession(values, config);
}

function outOfBounds(values: ConfigOverrides, config: BrokerConfig): string | undefined {
  const bounds = [
    ...OF_BOTH.map((key) => ({
      name: `consumer.${key}`,
      min: config[`group.consumer.min.${key}`],
      max: config[`group.consumer.max.${key}`],
    })),
    ...[...OF_BOTH, ...OF_SHARES].map((key) => ({
      name: `share.${key}`,
      min: config[`group.share.min.${key}`],
      max: config[`group.share.max.${key}`],
    })),
  ];
  const broken = bounds.find(({ name, min, max }) => {
    const value = values[name];
    return value !== undefined && (Number(value) < min || Number(value) > max);
  });
  return broken && `${broken.name} must be in the range ${broken.min} to ${broken.max} inclusive.`;
}

function shortSession(values: ConfigOverrides, config: BrokerConfig): string | undefined {
  const broken = (['consumer', 'share'] as const).find((protocol) => {
    const set = (key: 'session.timeout.ms' | 'heartbeat.interval.ms'): number =>
      Number(values[`${protocol}.${key}`] ?? config[`group.${protocol}.${key}`]);
    return set('session.timeout.ms') <= set('heartbeat.interval.ms');
  });
  return broken && `${broken}.session.timeout.ms must be greater than ${broken}.heartbeat.interval.ms`;
}
