import { expect, test } from './journey.ts';
import { overflowOf, violationsOf } from './page-checks.ts';
import { bundledWith, fragmentOf } from './scenario-file.ts';

const CLICKS = bundledWith('counted-once', []);
const SCENARIO = {
  ...CLICKS,
  applications: CLICKS.applications.map((application) => ({
    ...application,
    config: { ...application.config, 'num.stream.threads': '2' },
  })),
};

test('an instance shows its threads and their tasks; one more is added and takes tasks, and the first is removed', async ({
  app,
  page,
}) => {
  await app.open(await fragmentOf(SCENARIO, 0));
  await app.runTo(6);
  await app.select(/^V1/);
  const thread = (index: number) =>
    app.inspector.locator('dl > div').filter({ hasText: `StreamThread-${index}` });
  await expect(app.inspector).toContainText('Kafka Streams clientRUNNING');
  for (const index of [1, 2]) await expect(thread(index)).toContainText(/RUNNING.*tasks? \d_\d/);

  await app.act('Add a stream thread');
  await expect(thread(3)).toContainText('STARTING');
  await expect(app.tickets.last()).toContainText('add thread to V1');
  await app.runTo(12);
  await expect(thread(3)).toContainText(/RUNNING.*tasks? \d_\d/);
  expect(await violationsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);

  await app.act('Remove a stream thread');
  await app.runTo(18);
  await expect(thread(3)).toContainText(/RUNNING.*tasks? \d_\d/);
  await expect(thread(1)).not.toContainText('RUNNING');
});
