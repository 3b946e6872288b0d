import { describe, expect, it } from 'vitest';
import { ensure } from '../../base/assert.ts';
import type { DriverRun, DriverSession, DriverStep } from '../../api/topology-driver.ts';
import type { TopologyNode } from '../../api/scenario.ts';
import { runSession } from './driver-run.ts';
import { printSession, readSession, readTopology } from './session-text.ts';
import { buildSource } from './build-source.ts';
import { topologyFigure } from './topology-figure.ts';

const COUNT_BY_MINUTE: readonly TopologyNode[] = [
  { id: 's', op: 'stream', topic: 'in', key: 'string', value: 'long' },
  { id: 'r', op: 'selectKey', of: 's', keyFn: 'keyUpper' },
  { id: 'g', op: 'groupByKey', of: 'r' },
  { id: 'w', op: 'windowedBy', of: 'g', window: { type: 'tumbling', size: 60_000 } },
  { id: 'c', op: 'count', of: 'w', as: 'counts' },
  { id: 'ts', op: 'toStream', of: 'c' },
  { id: 'o', op: 'to', of: 'ts', topic: 'out' },
];

const session = (topology: readonly TopologyNode[], ...steps: readonly DriverStep[]): DriverSession => ({
  source: { applicationId: 'lab', topology, config: {} },
  steps,
});

const pipe = (key: string | null, value: number | null, ts: number): DriverStep => ({
  pipe: 'in',
  key,
  value,
  ts,
});

function runOf(given: DriverSession): DriverRun {
  const run = runSession(given);
  if (!run.ok) throw new Error(run.error.message);
  return run.value;
}

describe('a session of the test driver', () => {
  it('tells outputs, the way, what was dropped and why, and what the stores hold', () => {
    const run = runOf(
      session(
        COUNT_BY_MINUTE,
        pipe('a', 1, 5_000),
        pipe('a', 1, 70_000),
        pipe('a', 1, 9_000),
        pipe(null, 1, 71_000),
      ),
    );
    const [first, second, late, unkeyed] = run.steps;
    expect(first?.outputs.map(({ topic, isInternal }) => [topic, isInternal])).toEqual([
      [ensure(run.steps[0]?.outputs[0], 'output').topic, true],
      ['out', false],
    ]);
    expect(first?.outputs[1]?.record).toEqual({
      key: { key: 'A', start: 0, end: 60_000 },
      value: 1,
      ts: 5_000,
    });
    expect(first?.hops[0]).toEqual({ from: null, to: 'KSTREAM-SOURCE-0000000000', records: 1 });
    expect(first?.hops.at(-1)?.to).toMatch(/^KSTREAM-SINK-/);
    expect(second?.streamTime).toBe(70_000);
    const aggregate = ensure(
      Object.keys(run.visits).find((name) => name.startsWith('KSTREAM-AGGREGATE')),
      'aggregate',
    );
    expect(late?.drops).toEqual([{ node: aggregate, reason: 'late', records: 1 }]);
    expect(late?.outputs.filter(({ isInternal }) => !isInternal)).toEqual([]);
    expect(unkeyed?.drops).toEqual([]); // the filter before a repartition topic drops it, and does not count it
    expect(run.dropped).toBe(1);
    expect(run.stores).toEqual([
      {
        name: 'counts',
        records: 2,
        entries: [
          { key: 'A', start: 0, value: 1, ts: 5_000 },
          { key: 'A', start: 60_000, value: 1, ts: 70_000 },
        ],
      },
    ]);
    expect(second?.changes).toEqual([
      { topic: 'lab-counts-changelog', record: { key: 'A', start: 60_000, value: 1, ts: 70_000 } },
    ]);
  });

  it('is the shorter run when its last step is taken back', () => {
    const steps = [pipe('a', 1, 1), pipe('b', 2, 2), pipe('a', 3, 3)];
    const whole = runOf(session(COUNT_BY_MINUTE, ...steps));
    const shorter = runOf(session(COUNT_BY_MINUTE, ...steps.slice(0, 2)));
    expect(whole.steps.slice(0, 2)).toEqual(shorter.steps);
  });

  it('ends with the exception of an operator, and with one of its own where a topology feeds itself', () => {
    const failing = runOf(
      session(
        [
          { id: 's', op: 'stream', topic: 'in', key: 'string', value: 'long' },
          { id: 'm', op: 'mapValues', of: 's', fn: 'throwOn:2' },
          { id: 'o', op: 'to', of: 'm', topic: 'out' },
        ],
        pipe('a', 1, 1),
        pipe('a', 2, 2),
        pipe('a', 3, 3),
      ),
    );
    expect(failing.steps).toHaveLength(2);
    expect(failing.steps[1]?.error).toMatchObject({
      className: 'StreamsException',
      causes: ['IllegalStateException: boom 2'],
    });
    const endless = runOf(
      session(
        [
          { id: 's', op: 'stream', topic: 'in', key: 'string', value: 'long' },
          { id: 'o', op: 'to', of: 's', topic: 'in' },
        ],
        pipe('a', 1, 1),
      ),
    );
    expect(endless.steps[0]?.outputs).toHaveLength(500);
    expect(endless.steps[0]?.hidden).toBeGreaterThan(1_000);
    expect(endless.steps[0]?.error?.message).toContain('without end');
  });

  it('names a value that is not of the type of its topic', () => {
    const run = runSession(session(COUNT_BY_MINUTE, { pipe: 'in', key: 'a', value: 'x', ts: 1 }));
    expect(run).toMatchObject({ ok: false, error: { path: 'steps[0].value' } });
    const beyond = { pipe: 'in', key: 'a', value: '9223372036854775808', ts: 1 };
    expect(runSession(session(COUNT_BY_MINUTE, beyond))).toMatchObject({
      ok: false,
      error: { message: 'steps[0].value must be a whole number of 64 bits: the topic is read as long.' },
    });
  });

  it('is read back from its own text', () => {
    const given = session(
      COUNT_BY_MINUTE,
      { ...pipe('a', 1, 5), headers: [['from', 'me']] },
      {
        advanceWallClock: 1_000,
      },
    );
    const read = readSession(printSession(given));
    expect(read).toEqual({ ok: true, value: given });
  });
});

describe('a topology as text', () => {
  const source = { applicationId: 'lab', config: {} };
  const lines = (nodes: readonly TopologyNode[]): string =>
    `[\n${nodes.map((node) => `  ${JSON.stringify(node)}`).join(',\n')}\n]`;
  const problemOf = (nodes: readonly TopologyNode[]) => {
    const read = readTopology(source, lines(nodes));
    return read.ok ? null : read.error;
  };

  it('says in plain words, with the line, what is wrong: shape, fields, and what cannot be built', () => {
    expect(problemOf(COUNT_BY_MINUTE)).toBeNull();
    const [stream, ...others] = COUNT_BY_MINUTE as [TopologyNode, ...TopologyNode[]];
    expect(problemOf([{ ...stream, key: 'text' }, ...others])).toMatchObject({
      line: 2,
      path: 'topology[0].key',
    });
    expect(problemOf([stream, { id: 'x', op: 'fliter', of: 's' }])).toMatchObject({ line: 3 });
    expect(problemOf([stream, { id: 'x', op: 'to', of: 's' }])).toMatchObject({
      line: 3,
      message: 'topology[1] needs a topic or a topicFn.',
    });
    expect(problemOf([stream, { id: 'x', op: 'filter', of: 'nobody', pred: 'even' }])).toMatchObject({
      line: 3,
      message: 'topology[1] cannot be built: no node with id "nobody".',
    });
    expect(problemOf([stream, { id: 'x', op: 'filter', of: 's', pred: 'evven' }])).toMatchObject({ line: 3 });
  });

  it('becomes a figure with parts, stores, changelogs and topics by their real names', () => {
    const built = buildSource({ ...source, topology: COUNT_BY_MINUTE });
    const figure = topologyFigure(ensure(built.ok ? built.value : undefined, 'topology'));
    expect(figure.parts.map(({ id, isGlobal, nodes }) => [id, isGlobal, nodes.length])).toEqual([
      [0, false, 4],
      [1, false, 4],
    ]);
    expect(figure.stores).toMatchObject([
      { name: 'counts', kind: 'window', changelog: 'lab-counts-changelog', windowMs: 60_000 },
    ]);
    expect(figure.repartitionTopics).toEqual(['lab-counts-repartition']);
    expect(figure.inputs).toEqual([{ topic: 'in', key: 'string', value: 'long', isGlobal: false }]);
    expect(figure.description).toContain('Sub-topology: 1');
  });
});
