import { beforeEach, expect, test } from 'vitest';
import { err } from '../../engine/base/result.ts';
import { FAKE_SCENARIO } from '../testing-fake/fake-scenario.ts';
import { FakeSession } from '../testing-fake/fake-session.ts';
import { createAppState, type AppState } from './app-state.ts';

let app: AppState;
let session: FakeSession;
const commands = () => app.run.getState().status.commands.map(({ act, at }) => [act.type, at]);

beforeEach(async () => {
  session = new FakeSession();
  app = createAppState(session, null);
  await app.actions.load({ scenario: FAKE_SCENARIO, tapes: {}, commands: [], at: 0 });
});

test('the first act of any kind opens the laboratory', async () => {
  expect(app.layout.getState().place).toBe('question');
  app.actions.step(1);
  await app.actions.idle();
  expect(app.layout.getState().place).toBe('lab');
  expect(app.run.getState().model.eventCount).toBe(1);
});

test('undo takes an act away, redo brings it back, a new act forgets what could be redone', async () => {
  app.actions.seek(2_000_000);
  await app.actions.act({ type: 'crash', node: 'b2' });
  await app.actions.act({ type: 'pause', node: 'b1' });
  app.actions.undo();
  await app.actions.idle();
  expect(commands()).toEqual([['crash', 2_000_001]]);
  app.actions.redo();
  await app.actions.idle();
  expect(commands()).toHaveLength(2);
  app.actions.undo();
  await app.actions.act({ type: 'crash', node: 'b3' });
  app.actions.redo();
  await app.actions.idle();
  expect(commands().map(([type]) => type)).toEqual(['crash', 'crash']);
});

test('what the session refuses is one sentence, and nothing can be undone by it', async () => {
  session.act = () => Promise.resolve(err('There is no machine b9.'));
  expect(await app.actions.act({ type: 'crash', node: 'b9' })).toBe(false);
  expect(app.notices.getState().sentence).toBe('There is no machine b9.');
  expect(app.undo.getState().past).toHaveLength(0);
});

test('a scenario that cannot be loaded leaves the present one as it was', async () => {
  app.actions.seek(3_000_000);
  await app.actions.idle();
  session.load = () => Promise.resolve(err('Broker 1 is there twice.'));
  const worked = await app.actions.load({
    scenario: { ...FAKE_SCENARIO, name: 'Broken' },
    tapes: {},
    commands: [],
    at: 0,
  });
  expect(worked).toBe(false);
  expect(app.run.getState().scenario?.name).toBe('Clickstream');
  expect(app.run.getState().model.at).toBe(3_000_000);
});

test('steps asked for faster than they are made add up, back and forth', async () => {
  for (let i = 0; i < 10; i++) app.actions.step(1);
  for (let i = 0; i < 3; i++) app.actions.step(-1);
  await app.actions.idle();
  expect(app.run.getState().model.eventCount).toBe(7);
});

test('play asked for twice in a hurry is play and pause', async () => {
  app.actions.togglePlay();
  app.actions.togglePlay();
  await app.actions.idle();
  expect(app.run.getState().status.playing).toBe(false);
});

test('a call that fails does not stop those after it', async () => {
  session.seek = () => Promise.reject(new Error('The worker is gone.'));
  app.actions.seek(1);
  app.actions.step(2);
  await app.actions.idle();
  expect(app.notices.getState().sentence).toBe('The worker is gone.');
  expect(app.run.getState().model.eventCount).toBe(2);
});
