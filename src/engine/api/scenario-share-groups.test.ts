import { expect, test } from 'vitest';
import { parseScenarioText } from './scenario-parse.ts';
import { printScenario } from './scenario-print.ts';

const EXPLICIT = { 'share.acknowledgement.mode': 'explicit' };

const textWith = (group: object): string =>
  JSON.stringify({
    format: 'millrace-scenario',
    version: 1,
    id: 'good',
    name: 'Good',
    question: 'Is it?',
    seed: 1,
    startMs: 1_500_000_000_000,
    lengthMs: 10_000,
    brokers: [{ id: 1 }],
    brokerConfig: {},
    topics: [{ name: 'jobs', partitions: 1, replicationFactor: 1 }],
    groups: [{ id: 'dash', topic: 'jobs', members: 1 }],
    shareGroups: [{ id: 'shop', topic: 'jobs', members: 2, config: EXPLICIT, ...group }],
  });

const outcomes = {
  rejectEvery: 50,
  poisonEvery: 70,
  releaseEvery: 7,
  slowEvery: 9,
  slowMs: 100,
  renew: true,
};

test('a share group is printed and read without loss', () => {
  const parsed = parseScenarioText(textWith({ outcomes }));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const [group] = parsed.value.shareGroups ?? [];
  expect(group).toMatchObject({ id: 'shop', members: 2, workMicros: 0, outcomes, config: EXPLICIT });
  expect(parseScenarioText(printScenario(parsed.value))).toEqual(parsed);
});

test.each<readonly [object, string]>([
  [{ id: 'dash' }, 'shareGroups[0].id repeats "dash": applications and groups need ids of their own.'],
  [{ topic: 'job' }, 'shareGroups[0].topic names "job", which is no topic here; there is jobs.'],
  [
    { outcomes, config: {} },
    'shareGroups[0].outcomes.rejectEvery needs "share.acknowledgement.mode": "explicit" in the group’s config: else the next poll accepts all records.',
  ],
  [
    { config: { 'auto.offset.reset': 'earliest' } },
    'shareGroups[0].config makes a client that Kafka refuses: auto.offset.reset cannot be set when using a share group.',
  ],
  [
    { groupConfig: { 'share.auto.offset.reset': 'none' } },
    'shareGroups[0].groupConfig["share.auto.offset.reset"] must be one of earliest, latest, by_duration:PnDTnHnMn.nS, not "none".',
  ],
  [
    { outcomes: { slowEvery: 3 } },
    'shareGroups[0].outcomes must say both slowEvery and slowMs, or neither of them.',
  ],
])('%j is refused in one plain sentence', (group, message) => {
  const parsed = parseScenarioText(textWith(group));
  expect(parsed.ok ? 'accepted' : parsed.error.message).toBe(message);
});
