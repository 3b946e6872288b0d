export { createAppState } from '../state/app-state.ts';
