import { expect, test } from './journey.ts';

test('a newcomer is asked one question, presses one button, breaks one broker and sees what follows', async ({
  app,
  page,
}) => {
  await app.open();
  await expect(page).toHaveTitle('Millrace');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(app.heading).toContainText('?');
  await expect(page.getByRole('button')).toHaveText(['Let it run']);
  await expect(page.getByText('Paused at 0.000 s')).toBeVisible();

  await app.button('Let it run').click();
  await expect(app.timeline).toBeVisible();
  await expect.poll(() => app.seconds()).toBeGreaterThan(1);
  await expect.poll(() => app.ledger('acknowledged')).toBeGreaterThan(0);

  await app.openGuide();
  await app.button('Crash B2').click();
  const ticket = page.getByRole('button', { name: /^crash B2 at \d/ });
  await expect(ticket).toBeVisible();
  const crashedAt = Number(/([\d.]+) s$/.exec((await ticket.getAttribute('aria-label')) ?? '')?.[1]);

  // Nobody notices before the broker's session of nine seconds runs out; then others lead its partitions.
  await app.setSpeed('16 times real time');
  await expect.poll(() => app.seconds()).toBeGreaterThan(crashedAt + 12);
  await app.pause();
  await app.press('n');
  const narration = page.getByRole('region', { name: 'Narration' });
  await expect(narration).toContainText('B2 crashes');
  await expect(narration).toContainText('The controller fences B2: no heartbeat arrived within its session.');
  await expect(app.button('Start B2 again')).toBeVisible();
  expect(await app.ledger('lost')).toBe(0);
  await app.select(/^Partition clicks-0,/);
  await expect(app.inspector).toContainText(/leaderB[13], epoch 1/);
});
