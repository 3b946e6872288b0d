import { expect, test } from 'vitest';
import { consumerConfig } from './client-checks.ts';
import type { ConfigOverrides } from './config-key.ts';

const refusal = (written: ConfigOverrides): string | undefined => {
  const parsed = consumerConfig(written);
  return parsed.ok ? undefined : parsed.error;
};
const classOf = (name: string): string => `org.apache.kafka.clients.consumer.${name}`;

test.each<ConfigOverrides>([
  { 'group.protocol': 'consumer' },
  { 'group.protocol': 'Consumer', 'group.remote.assignor': 'range' },
  { 'group.protocol': 'classic', 'session.timeout.ms': '6000' },
  { 'partition.assignment.strategy': classOf('CooperativeStickyAssignor') },
  { 'partition.assignment.strategy': `${classOf('StickyAssignor')}, ${classOf('RoundRobinAssignor')}` },
])('a consumer can be given %j', (written) => {
  expect(refusal(written)).toBeUndefined();
});

test.each<[ConfigOverrides, RegExp]>([
  [{ 'group.protocol': 'streams' }, /^group\.protocol must be one of .*CLASSIC/],
  [{ 'group.protocol': 'consumer', 'group.remote.assignor': 'sticky' }, /^group\.remote\.assignor .*uniform/],
  [
    { 'group.remote.assignor': 'range' },
    /^group\.remote\.assignor cannot be set when group\.protocol=CLASSIC$/,
  ],
  [{ 'partition.assignment.strategy': 'range' }, /^partition\.assignment\.strategy .*RoundRobinAssignor/],
  [
    { 'group.protocol': 'consumer', 'session.timeout.ms': '6000' },
    /^session\.timeout\.ms cannot be set when group\.protocol=CONSUMER$/,
  ],
  [{ 'heartbeat.interval.ms': '45000' }, /^Heartbeat must be set lower than the session timeout$/],
])('a consumer cannot be given %j, and is told so in one sentence', (written, sentence) => {
  expect(refusal(written)).toMatch(sentence);
  expect(refusal(written)?.match(/\.(\s|$)/g)?.length ?? 0).toBeLessThanOrEqual(1);
});
