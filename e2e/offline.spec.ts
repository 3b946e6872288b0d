import { expect, test } from './journey.ts';

test('after its first load the page needs no network', async ({ app, page, context }) => {
  await app.openLab();
  await app.runTo(3);
  const hash = await app.stateHash();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller === null)
      await new Promise((taken) => navigator.serviceWorker.addEventListener('controllerchange', taken));
  });

  await context.setOffline(true);
  await page.reload();
  await expect(app.timeline).toBeVisible();
  expect(await app.stateHash()).toBe(hash);

  // What is loaded on demand is there too: another scenario, the reader of files, the evidence.
  await app.button('Menu').click();
  await page.getByRole('menuitem', { name: 'Ten-second windows' }).click();
  await expect(app.heading).toContainText('Ten-second windows');
  await app.runTo(1);
  await app.press('e');
  await expect(page.getByRole('region', { name: 'Evidence in numbers' })).toBeVisible();

  const visitor = await context.newPage();
  await visitor.goto(page.url());
  await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Ten-second windows');
});

test('the page runs under a policy that forbids what it does not need', async ({ app, page, complaints }) => {
  await app.openLab();
  const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
  await expect(policy).toHaveAttribute('content', /default-src 'none'; script-src 'self';/);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.head.append(script);
    return document.title;
  });
  expect(ran).toBe('Millrace');
  await expect.poll(() => complaints.length).toBe(1);
  expect(complaints.splice(0)[0]).toContain('Content Security Policy');
});
