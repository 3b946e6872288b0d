import '../theme/index.css';
import { createRoot } from 'react-dom/client';
import { App } from '../app/app.tsx';
import { createAppState } from '../app/create-app-state.ts';
import { createDesk } from '../app/desk.ts';
import { FAKE_SCENARIO } from './fake-scenario.ts';
import { FakeSession } from './fake-session.ts';

const state = createAppState(new FakeSession(), window.localStorage);
Object.assign(window, { state });
await state.actions.load({ scenario: FAKE_SCENARIO, tapes: {}, commands: [], at: 0 });
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App state={state} desk={createDesk(state)} />);
