import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BROKER_CONFIG } from '../broker-config.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from '../client-config.ts';
import type { ConfigTable } from '../config-key.ts';
import { BROKER_EFFECTS } from '../effects/broker-effects.ts';
import { GROUP_CONFIG } from '../group-config.ts';
import { TOPIC_CONFIG, TOPIC_CONFIG_BROKER_KEYS } from '../topic-config.ts';

/** The engine's own code, without what says which keys there are, without tests and what serves them. */
const SOURCE = readdirSync('src/engine', { recursive: true, encoding: 'utf8' })
  .filter(
    (file) => file.endsWith('.ts') && !file.includes('.test.') && !/^(api\/config|testing)\//.test(file),
  )
  .map((file) => readFileSync(join('src/engine', file), 'utf8'))
  .join('\n');

/** Keys that are put together where they are read: a name, and its bounds. */
const PUT_TOGETHER = /\[`((?:group\.)?(?:consumer|share)\.(?:min\.|max\.)?)\$\{key\}`\]/g;
const families = [...SOURCE.matchAll(PUT_TOGETHER)].map(([, prefix = '']) => prefix);
const BOUNDED = [
  'session.timeout.ms',
  'heartbeat.interval.ms',
  'assignment.interval.ms',
  'record.lock.duration.ms',
  'delivery.count.limit',
  'partition.max.record.locks',
];

function isRead(key: string): boolean {
  const quoted = key.replace(/\./g, '\\.');
  const access = new RegExp(`\\[\\s*'${quoted}'\\s*\\]|effectiveValue\\([^)]*'${quoted}'`);
  const property = new RegExp(`[cC]onfig\\)?\\.${quoted}\\b`);
  const family = families.some((prefix) => BOUNDED.some((name) => prefix + name === key));
  return access.test(SOURCE) || family || (!key.includes('.') && property.test(SOURCE));
}

/** Broker keys that hold for topics are read as the topic's. */
const TWINS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(TOPIC_CONFIG_BROKER_KEYS).map(([topicKey, brokerKey]) => [brokerKey, topicKey]),
);

const isHonoured = (key: string): boolean => isRead(key) || isRead(TWINS[key] ?? key);

/** Keys with one possible outcome in this model, whatever their value. What they do says so. */
const WITHOUT_CHOICE: readonly string[] = ['group.consumer.assignor.offload.enable'];

test.each<readonly [string, ConfigTable]>([
  ['producer', PRODUCER_CONFIG],
  ['consumer', CONSUMER_CONFIG],
  ['topic', TOPIC_CONFIG],
  ['broker', BROKER_CONFIG],
  ['streams', STREAMS_CONFIG],
  ['group', GROUP_CONFIG],
])('every key of "%s" that is called honoured is read by the engine', (_, table) => {
  const unread = Object.keys(table).filter((key) => !isHonoured(key));
  expect(unread.filter((key) => !WITHOUT_CHOICE.includes(key))).toEqual([]);
});

test('a key without a choice says so', () => {
  expect(BROKER_EFFECTS['group.consumer.assignor.offload.enable']).toContain('in this model');
  expect(isHonoured('group.streams.max.size')).toBe(false);
});
