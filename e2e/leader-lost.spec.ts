import type { Locator } from '@playwright/test';
import type { AppDriver } from './app-driver.ts';
import { expect, test } from './journey.ts';

/** How many records a group has still to read, as the table of lag says. */
async function lagOf(evidence: Locator, group: string): Promise<number> {
  const sums = evidence.getByRole('table', { name: `Lag of ${group}` }).locator('tfoot td');
  return Number((await sums.nth(1).textContent())?.replaceAll(',', ''));
}

/** Goes on in steps until something holds; the moment in seconds. */
async function runUntil(app: AppDriver, holds: () => Promise<boolean>, from: number, to: number) {
  for (let at = from; at <= to; at += 0.5) {
    await app.runTo(at);
    if (await holds()) return at;
  }
  return Infinity;
}

const textOf = async ({ inspector }: AppDriver): Promise<string> => (await inspector.textContent()) ?? '';

test('a leader dies, is fenced when its session ends, others lead, the lag rises and drains, and it comes back', async ({
  app,
  page,
}) => {
  test.slow();
  await app.openLab();
  await app.runTo(6);
  await app.select(/^Partition clicks-0,/);
  const leader = /leader(B\d), epoch 0/.exec(await textOf(app))?.[1] ?? '';
  expect(leader).toMatch(/^B[123]$/);
  await expect(app.inspector).toContainText('not in syncnone');
  await app.button('Evidence').click();
  const evidence = page.getByRole('region', { name: 'Evidence in numbers' });
  await evidence.getByRole('tab', { name: 'Lag' }).click();
  const calm = await lagOf(evidence, 'views');
  expect(calm).toBeLessThan(100);

  // The selection is a partition, so this key crashes the machine that leads it.
  await app.press('k');
  await expect(app.tickets).toHaveAccessibleName(new RegExp(`^crash ${leader} at 6\\.`));

  // Its session lasts nine seconds after its last heartbeat, and it sends one each two seconds.
  await app.runTo(12.9);
  await expect(app.inspector).toContainText(`leader${leader}, epoch 0`);
  const waiting = await app.ledger('waiting');
  expect(waiting).toBeGreaterThan(1_000); // acks=all waits for a replica that still counts as in sync
  const fencedAt = await runUntil(app, async () => (await textOf(app)).includes('epoch 1'), 13, 15.5);
  expect(fencedAt).toBeLessThanOrEqual(15.5);
  await expect(app.inspector).toContainText(`not in sync${leader}`);

  // What was held back arrives at once, and is read within seconds.
  const highest = await lagOf(evidence, 'views');
  expect(highest).toBeGreaterThan(5 * (calm + 50));
  await app.runTo(fencedAt + 6);
  expect(await lagOf(evidence, 'views')).toBeLessThan(100);
  expect(await app.ledger('lost')).toBe(0);
  expect(await app.ledger('duplicated')).toBe(0);

  await app.select(new RegExp(`^${leader}, broker`));
  await expect(app.inspector).toContainText('DOWN');
  await app.inspector.getByRole('button', { name: 'Start again' }).click();
  await app.idle();
  await app.select(/^Partition clicks-0,/);
  const whole = () => textOf(app).then((text) => text.includes('not in syncnone'));
  expect(await runUntil(app, whole, fencedAt + 7, fencedAt + 15)).toBeLessThan(Infinity);
});
