import type { AppState } from '../state/app-state.ts';

/** What browser tests may ask; only there with `?testing`. */
export interface MillraceTest {
  /** Resolves when everything that was asked for is done and drawn. */
  readonly idle: () => Promise<void>;
  /** Goes to a moment of simulated time, in ms. */
  readonly runTo: (ms: number) => Promise<void>;
  readonly hash: () => Promise<string>;
  readonly pause: () => Promise<void>;
}

declare global {
  interface Window {
    millraceTest?: MillraceTest;
  }
}

/** `begun`: the page has opened what it begins with. */
export function publishTestingHook({ actions }: AppState, begun: Promise<void>): void {
  if (!new URLSearchParams(window.location.search).has('testing')) return;
  const idle = async () => {
    await begun;
    await actions.idle();
    await new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done, READABLE_MS)));
  };
  window.millraceTest = {
    idle,
    runTo: async (ms) => {
      actions.seek(ms * 1_000);
      await idle();
    },
    pause: async () => {
      actions.pause();
      await idle();
    },
    hash: async () => {
      await begun;
      return actions.stateHash();
    },
  };
}

/** Tables show a state at most so much later. */
const READABLE_MS = 120;
