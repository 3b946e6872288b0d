import { describe, expect, test } from 'vitest';
import { utf8Encode } from '../../base/bytes.ts';
import { digestOf } from '../../base/digest.ts';
import { fork } from '../../base/fork.ts';
import { partitionForKey } from '../../base/murmur2.ts';
import { streamsConfig } from '../config.ts';
import { jsonText } from '../serdes/json-text.ts';
import { textOf } from '../serdes/text.ts';
import { changelogKey, changelogValue } from '../state-stores/changelog.ts';
import type { StoreChange } from '../state-stores/store.ts';
import { newDriverState, TopologyTestDriver } from '../test-driver/topology-test-driver.ts';
import { buildTopology, type BuiltTopology } from '../topology/build-topology.ts';
import type { Topology } from '../topology/topology-node.ts';
import { keyBytes, valueBytes, type OutgoingRecord } from './outgoing-record.ts';
import { NO_HEADERS } from './stream-record.ts';
import { StreamTask, type InputRecord, type TaskEnvironment } from './stream-task.ts';
import { newTaskState } from './task-state.ts';

/** Clicks by user, counted by page and minute. */
const CLICKS: Topology = [
  { id: 'clicks', op: 'stream', topic: 'clicks', key: 'string', value: 'json' },
  { id: 'byPage', op: 'groupBy', of: 'clicks', keyFn: 'field:page', as: 'by-page' },
  {
    id: 'minutes',
    op: 'windowedBy',
    of: 'byPage',
    window: { type: 'tumbling', size: 60_000, grace: 10_000 },
  },
  { id: 'counts', op: 'count', of: 'minutes', as: 'counts' },
  { id: 'changes', op: 'toStream', of: 'counts' },
  { op: 'to', of: 'changes', topic: 'page-counts' },
];

const built = buildTopology(CLICKS, { config: streamsConfig({ 'statestore.cache.max.bytes': '0' }) });

interface Effects {
  readonly emitted: OutgoingRecord[];
  readonly changes: StoreChange[];
}

function taskOf(
  topology: BuiltTopology['whole'],
  effects: Effects,
  state = newTaskState(topology.stores),
): StreamTask {
  const environment: TaskEnvironment = {
    taskId: '0_0',
    config: built.config,
    wallClock: () => 0,
    emit: (record) => void effects.emitted.push(record),
    changelog: (change) => void effects.changes.push(change),
    globalStore: () => undefined,
  };
  return new StreamTask(topology, state, environment);
}

const noEffects = (): Effects => ({ emitted: [], changes: [] });

function click(offset: number, user: string, page: string, timestamp: number): InputRecord {
  const value = utf8Encode(jsonText({ page, user }));
  return { topic: 'clicks', partition: 0, offset, timestamp, key: user, value, headers: NO_HEADERS };
}

const CLICKS_DONE: readonly InputRecord[] = [
  click(0, 'ann', '/', 5_000),
  click(1, 'bob', '/buy', 59_000),
  click(2, 'ann', '/', 65_000),
  click(3, 'cat', '/', 58_000),
  click(4, 'bob', '/buy', 75_000),
  click(5, 'cat', '/buy', 30_000),
  click(6, 'ann', '/help', 140_000),
];

function run(task: StreamTask, input: InputRecord): void {
  const prepared = task.prepare(input);
  if (prepared !== undefined) task.process(prepared);
  task.flush();
}

const told = (records: readonly OutgoingRecord[]): string[] =>
  records.map(({ key, value, timestamp }) => `${textOf(key)}=${textOf(value)}@${timestamp}`);

/** Each sub-topology in tasks of its own, over two partitions of the repartition topic. */
function runInTasks(): { readonly counting: readonly StreamTask[]; readonly effects: readonly Effects[] } {
  const [grouping, counting] = built.subTopologies;
  if (grouping === undefined || counting === undefined) throw new Error('two sub-topologies expected');
  const grouped = noEffects();
  const first = taskOf(grouping, grouped);
  const effects = [noEffects(), noEffects()];
  const tasks = effects.map((own) => taskOf(counting, own));
  for (const input of CLICKS_DONE) run(first, input);
  const offsets = [0, 0];
  for (const record of grouped.emitted) {
    const key = keyBytes(record) ?? '';
    const partition = partitionForKey(key, 2);
    const offset = offsets[partition]!++;
    const { topic, timestamp, headers } = record;
    run(tasks[partition]!, { topic, partition, offset, timestamp, key, value: valueBytes(record), headers });
  }
  return { counting: tasks, effects };
}

describe('sub-topologies as tasks of their own', () => {
  test('meet at the repartition topic and count what the test driver counts', () => {
    const produced: OutgoingRecord[] = [];
    const driver = new TopologyTestDriver(built, newDriverState(built, 0), {
      produced: (record) => void produced.push(record),
      changelog: () => undefined,
    });
    for (const { topic, key, value, timestamp } of CLICKS_DONE) driver.pipe({ topic, key, value, timestamp });
    const { effects } = runInTasks();
    const byDriver = told(produced.filter(({ topic }) => topic === 'page-counts'));
    const byTasks = told(effects.flatMap(({ emitted }) => emitted));
    // One clock per task: a page that shares its task with fewer others sees fewer records come late.
    expect(byDriver).toEqual([
      '[/@0/60000]=1@5000',
      '[/buy@0/60000]=1@59000',
      '[/@60000/120000]=1@65000',
      '[/@0/60000]=2@58000',
      '[/buy@60000/120000]=1@75000',
      '[/help@120000/180000]=1@140000',
    ]);
    expect(byTasks).toEqual(expect.arrayContaining(byDriver));
    expect(built.repartitionTopics).toEqual([{ name: 'app-by-page-repartition', partitions: undefined }]);
  });
});

describe('the state of a task', () => {
  const [, counting] = built.subTopologies;
  const page = (offset: number, key: string, timestamp: number): InputRecord => ({
    topic: 'app-by-page-repartition',
    partition: 0,
    offset,
    timestamp,
    key,
    value: '{}',
    headers: NO_HEADERS,
  });

  test('forks: both lives go on alone, and equal lives have equal digests', () => {
    const task = taskOf(counting!, noEffects());
    for (let i = 0; i < 200; i++) run(task, page(i, `/p${i % 7}`, i * 1_000));
    const copy = fork(task.state);
    expect(digestOf(copy)).toBe(digestOf(task.state));
    const [ours, theirs] = [noEffects(), noEffects()];
    const left = taskOf(counting!, ours, task.state);
    const right = taskOf(counting!, theirs, copy);
    run(left, page(200, '/p0', 200_000));
    expect(digestOf(copy)).not.toBe(digestOf(task.state));
    run(right, page(200, '/p0', 200_000));
    expect(digestOf(copy)).toBe(digestOf(task.state));
    expect(told(theirs.emitted)).toEqual(told(ours.emitted));
  });

  test('comes back from the changelog', () => {
    const effects = noEffects();
    const task = taskOf(counting!, effects);
    for (let i = 0; i < 200; i++) run(task, page(i, `/p${i % 7}`, i * 1_000));
    const restored = taskOf(counting!, noEffects());
    for (const change of effects.changes)
      restored.restore(change.store.name, changelogKey(change), changelogValue(change), change.timestamp);
    expect(digestOf(restored.state.stores)).toBe(digestOf(task.state.stores));
  });

  test('holds cached updates back until it is flushed, and sends only the last per key', () => {
    const config = streamsConfig({ 'statestore.cache.max.bytes': '10485760' });
    const cached = buildTopology(CLICKS, { config }).subTopologies[1]!;
    const effects = noEffects();
    const task = taskOf(cached, effects);
    for (let i = 0; i < 5; i++) task.process(task.prepare(page(i, '/', i))!);
    expect(effects.emitted).toEqual([]);
    const copy = taskOf(cached, effects, fork(task.state));
    copy.flush();
    expect(told(effects.emitted)).toEqual(['[/@0/60000]=5@4']);
    expect(effects.changes.map(({ value }) => value)).toEqual([5]);
  });
});
