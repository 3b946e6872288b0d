import { describe, expect, it } from 'vitest';
import type { DriverRun } from '../../../engine/api/topology-driver.ts';
import { runSession } from '../../../engine/streams/test-driver/driver-run.ts';
import { EXAMPLES, exampleSession, type Example } from './examples.ts';

const exampleOf = (id: string): Example => EXAMPLES.find((one) => one.id === id) as Example;

function runOf(id: string): DriverRun {
  const example = exampleOf(id);
  const run = runSession({ source: exampleSession(example).source, steps: example.records });
  if (!run.ok) throw new Error(run.error.message);
  return run.value;
}

/** What comes out of each step, on topics that are not internal: `key=value`. */
const outs = (id: string): readonly (readonly string[])[] =>
  runOf(id).steps.map(({ outputs }) =>
    outputs
      .filter(({ isInternal }) => !isInternal)
      .map(({ record }) => `${JSON.stringify(record['key'])}=${JSON.stringify(record['value'])}`),
  );

describe('the examples show what they say', () => {
  it.each(EXAMPLES.map(({ id }) => id))('%s builds, and no step fails', (id) => {
    const run = runOf(id);
    expect(run.steps).toHaveLength(exampleOf(id).records.length);
    expect(run.steps.map(({ error }) => error)).toEqual(run.steps.map(() => null));
  });

  it('a record without a key is dropped', () => {
    expect(runOf('count-by-key').steps[3]?.drops).toMatchObject([{ reason: 'null-key', records: 1 }]);
  });

  it('one late record is counted, one is dropped', () => {
    const { steps } = runOf('tumbling-grace');
    expect(steps.map(({ drops }) => drops.length)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(steps[5]?.drops).toMatchObject([{ reason: 'late' }]);
    expect(outs('tumbling-grace')[3]).toEqual(['{"key":"home","start":0,"end":10000}=3']);
  });

  it('two sessions become one', () => {
    expect(outs('session')[2]).toEqual([
      '{"key":"ada","start":0,"end":0}=null',
      '{"key":"ada","start":9000,"end":9000}=null',
      '{"key":"ada","start":0,"end":9000}=3',
    ]);
  });

  it('an order without its payment comes out late', () => {
    expect(outs('stream-join')).toEqual([[], [], ['"o1"="book/card"'], [], ['"o2"="lamp/null"']]);
  });

  it('only closed windows come out', () => {
    expect(outs('suppress').map(({ length }) => length)).toEqual([0, 0, 0, 1, 1]);
  });

  it('a customer’s change reaches both orders', () => {
    expect(outs('foreign-key-join')[3]).toHaveLength(2);
  });

  it('words are counted behind a repartition topic', () => {
    expect(runOf('re-key').stores[0]?.entries).toContainEqual({ key: 'kafka', value: 3, ts: 2_000 });
  });
});
