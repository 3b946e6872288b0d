import { beforeEach, expect, test } from 'vitest';
import { leanScenario, leanTape } from '../../engine/testing/lean-scenario.ts';
import { openLocalSession } from '../../workers/local-session.ts';
import type { SimulationSession } from '../../workers/session.ts';
import { moveTicket, switchTicket } from './ticket-changes.ts';
import { createAppState, type AppState } from './app-state.ts';

const SCENARIO = leanScenario(1);

let app: AppState;
let session: SimulationSession;
const commands = () => app.run.getState().status.commands.map(({ act, at }) => [act.type, at]);

beforeEach(async () => {
  session = openLocalSession();
  app = createAppState(session, null);
  await app.actions.load({ scenario: SCENARIO, tapes: { p1: leanTape() }, commands: [], at: 0 });
});

test('the first act of any kind opens the laboratory', async () => {
  expect(app.layout.getState().place).toBe('question');
  const before = app.run.getState().model.eventCount;
  app.actions.step(1);
  await app.actions.idle();
  expect(app.layout.getState().place).toBe('lab');
  expect(app.run.getState().model.eventCount).toBe(before + 1);
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

test('changes made faster than the run follows add up', async () => {
  app.actions.seek(2_000_000);
  await app.actions.act({ type: 'pause', node: 'b1' });
  const id = app.run.getState().status.commands[0]?.id ?? -1;
  void app.actions.changeCommands(moveTicket(id, 2_100_000));
  void app.actions.changeCommands(switchTicket(id));
  void app.actions.changeCommands(moveTicket(id, 2_200_000));
  await app.actions.idle();
  expect(app.run.getState().status.commands).toMatchObject([{ at: 2_200_000, disabled: true }]);
});

test('what the session refuses is one sentence, and nothing can be undone by it', async () => {
  expect(await app.actions.act({ type: 'crash', node: 'b9' })).toBe(false);
  expect(app.notices.getState().sentence).toBe('There is no machine b9.');
  expect(app.undo.getState().past).toHaveLength(0);
});

test('a scenario that cannot be loaded leaves the present one as it was', async () => {
  app.actions.seek(3_000_000);
  await app.actions.idle();
  const [counter] = SCENARIO.applications;
  if (counter === undefined) throw new Error('no application');
  const nodes = counter.topology.filter(({ op }) => op !== 'stream');
  const worked = await app.actions.load({
    scenario: { ...SCENARIO, name: 'Broken', applications: [{ ...counter, topology: nodes }] },
    tapes: {},
    commands: [],
    at: 0,
  });
  expect(worked).toBe(false);
  expect(app.run.getState().scenario?.name).toBe('Lean');
  expect(app.run.getState().model.at).toBe(3_000_000);
});

test('steps asked for faster than they are made add up, back and forth', async () => {
  const before = app.run.getState().model.eventCount;
  for (let i = 0; i < 10; i++) app.actions.step(1);
  for (let i = 0; i < 3; i++) app.actions.step(-1);
  await app.actions.idle();
  expect(app.run.getState().model.eventCount).toBe(before + 7);
});

test('play asked for twice in a hurry is play and pause', async () => {
  app.actions.togglePlay();
  app.actions.togglePlay();
  await app.actions.idle();
  expect(app.run.getState().status.playing).toBe(false);
});

test('a call that fails does not stop those after it', async () => {
  const before = app.run.getState().model.eventCount;
  session.seek = () => Promise.reject(new Error('The worker is gone.'));
  app.actions.seek(1);
  app.actions.step(2);
  await app.actions.idle();
  expect(app.notices.getState().sentence).toBe('The worker is gone.');
  expect(app.run.getState().model.eventCount).toBe(before + 2);
});
