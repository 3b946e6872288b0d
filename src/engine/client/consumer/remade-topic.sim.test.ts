import { expect, test } from 'vitest';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { GroupLab } from '../../testing/group-lab.ts';

const RACK = [
  [1, 2, 3],
  [2, 3, 1],
];
const FOR_MS = 3_000;

/** A reader of `t`, which is deleted, and is there again after three seconds. */
function remake(overrides: Readonly<Record<string, string>>, workMicros = 5) {
  const lab = new GroupLab(3, 2, { 'auto.create.topics.enable': 'false' });
  const { cluster } = lab;
  lab.consume('c1', { 'auto.commit.interval.ms': '1000', ...overrides }, workMicros);
  lab.produce('p', 500, { kind: 'rate', perSecond: 200 });
  cluster.runFor(6_000);
  const topics = [{ name: 't', topicId: ZERO_UUID }];
  cluster.ask(1, 'DeleteTopics', { topics, timeoutMs: 5_000 });
  const deletedAt = cluster.now;
  cluster.runFor(FOR_MS);
  cluster.createTopic('t', RACK, { 'min.insync.replicas': '2' });
  const remadeAt = cluster.now;
  lab.produce('p2', 1_000, { kind: 'rate', perSecond: 200 });
  cluster.runFor(10_000);
  const failed = cluster.traces('commit-failed').filter(({ at }) => at >= deletedAt);
  return {
    lab,
    whileGone: failed.filter(({ at }) => at < remadeAt).map(({ data }) => data.error),
    since: failed.filter(({ at }) => at >= remadeAt),
    committed: cluster.traces('offsets-committed').filter(({ at }) => at >= remadeAt),
  };
}

test('a member of the classic protocol says its topics by name: any topic of that name takes its commits', () => {
  const { lab, whileGone, since, committed } = remake({});
  expect(new Set(whileGone)).toEqual(new Set(['UNKNOWN_TOPIC_OR_PARTITION']));
  // A commit that may pass is made again after retry.backoff.ms.
  expect(whileGone.length).toBeGreaterThan(20);
  expect(since).toEqual([]);
  expect(committed.length).toBeGreaterThan(5);
  expect(lab.processed('c1')).toHaveLength(1_500);
});

test('so does one of the consumer protocol that has heard that its topic is gone', () => {
  const { lab, whileGone, since, committed } = remake({ 'group.protocol': 'consumer' });
  expect(new Set(whileGone)).toEqual(new Set(['UNKNOWN_TOPIC_OR_PARTITION']));
  expect(since).toEqual([]);
  expect(committed.length).toBeGreaterThan(5);
  expect(lab.processed('c1')).toHaveLength(1_500);
});

/** Twenty records take as many milliseconds as lie between two commits. */
const BY_HAND = { 'enable.auto.commit': 'false', 'max.poll.records': '20' };
const WORK_MICROS = 15_000;

test('commitSync of the classic protocol waits for the topic to be there again', () => {
  const { whileGone, since, committed } = remake(BY_HAND, WORK_MICROS);
  expect([whileGone, since]).toEqual([[], []]);
  expect(committed.length).toBeGreaterThan(5);
});

test('but not longer than default.api.timeout.ms', () => {
  const { whileGone } = remake({ ...BY_HAND, 'default.api.timeout.ms': '1000' }, WORK_MICROS);
  expect(whileGone[0]).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  expect(whileGone.length).toBeLessThanOrEqual(FOR_MS / 1_000);
});

test('that of the consumer protocol knows the old id until it has given up, for only poll() hands over the new topic', () => {
  const settings = { ...BY_HAND, 'group.protocol': 'consumer', 'default.api.timeout.ms': '5000' };
  const { whileGone, since, committed } = remake(settings, WORK_MICROS);
  expect(whileGone).toEqual([]);
  expect(since.map(({ data }) => data.error)).toEqual(['UNKNOWN_TOPIC_ID']);
  expect(committed.length).toBeGreaterThan(5);
});
