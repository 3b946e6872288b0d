import { createRoot } from 'react-dom/client';
import type { AppState } from '../state/app-state.ts';
import { App } from './app.tsx';
import type { Desk } from './desk.ts';

/** Puts the laboratory into `host`. It shows itself when the page's place is the lab, and then calls `onLab`. */
export function mountLab(host: HTMLElement, state: AppState, desk: Desk, onLab: () => void): void {
  createRoot(host).render(<App state={state} desk={desk} onLab={onLab} />);
}
