import { expect, test } from './journey.ts';
import { bundledWith, fragmentOf, runInNode, type NodeRun } from './scenario-file.ts';

const SCENARIO = bundledWith('clickstream', [
  { atMs: 1_500, type: 'crash', node: 'b2' },
  { atMs: 12_000, type: 'start', node: 'b2' },
]);
const EARLY = 5;
const LATE = 14;

let early: NodeRun;
let late: NodeRun;

test.describe('one scenario, seed and list of commands', () => {
  test.describe.configure({ mode: 'serial' });

  test('run in Node', async () => {
    test.slow(); // bundles the engine first
    early = await runInNode(SCENARIO, 'same-run', EARLY * 1_000);
    late = await runInNode(SCENARIO, 'same-run', LATE * 1_000);
    expect(early.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(late.hash).not.toBe(early.hash);
    const other = await runInNode({ ...SCENARIO, commands: [] }, 'same-run-undisturbed', EARLY * 1_000);
    expect(other.hash, 'the commands matter').not.toBe(early.hash);
  });

  test('are in the very same state in the page when gone to', async ({ app }) => {
    await app.open(await fragmentOf(SCENARIO, EARLY * 1_000));
    await expect(app.tickets).toHaveCount(2);
    expect(await app.stateHash()).toBe(early.hash);
    await app.runTo(LATE);
    expect(await app.stateHash()).toBe(late.hash);
  });

  for (const { speed, evidence, from, until } of [
    { speed: 'real time', evidence: 'open', from: EARLY - 2, until: EARLY },
    { speed: 'as fast as possible', evidence: 'closed', from: 0, until: LATE },
    { speed: 'as fast as possible', evidence: 'open', from: 0, until: LATE },
  ])
    test(`are in the very same state when played at speed “${speed}”, evidence ${evidence}`, async ({
      app,
    }) => {
      test.slow();
      await app.open(await fragmentOf(SCENARIO, from * 1_000));
      await expect(app.tickets).toHaveCount(2);
      if (evidence === 'open') await app.press('e');
      await app.setSpeed(speed);
      await app.play();
      await expect.poll(() => app.seconds(), { timeout: 60_000 }).toBeGreaterThan(until);
      await app.pause();
      await app.runTo(until); // from what was kept while playing
      expect(await app.stateHash()).toBe((until === EARLY ? early : late).hash);
    });
});

test('a scenario of rare operators is the same run too: they are loaded before it begins', async ({
  app,
}) => {
  test.slow(); // bundles the engine first
  const topology = [
    { op: 'stream', id: 'clicks', topic: 'clicks', key: 'string', value: 'json' },
    { op: 'process', id: 'seen', of: 'clicks', processor: 'pass' },
    { op: 'groupBy', id: 'by-path', of: 'seen', keyFn: 'field:path' },
    { op: 'count', id: 'counts', of: 'by-path', as: 'counts' },
    { op: 'toStream', id: 'changes', of: 'counts' },
    { op: 'to', id: 'out', of: 'changes', topic: 'views-per-minute' },
  ];
  const applications = SCENARIO.applications.map((application) => ({ ...application, topology }));
  const rare = { ...SCENARIO, applications };
  const { hash } = await runInNode(rare, 'rare-operators', EARLY * 1_000);
  await app.open(await fragmentOf(rare, EARLY * 1_000));
  await expect(app.tickets).toHaveCount(2);
  expect(await app.stateHash()).toBe(hash);
});
