import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { AppProvider, useApp, useLayout, useRun } from '../state/binding.ts';
import type { AppState } from '../state/app-state.ts';
import { isDark, isReduced } from '../state/preferences.ts';
import { Banners } from '../panels/banners.tsx';
import { EntityMenu } from '../panels/entity-menu.tsx';
import { Narrator } from '../panels/narrator.tsx';
import { QuestionPlate } from '../panels/question-plate.tsx';
import { Watcher } from '../panels/watcher.tsx';
import { useMedia } from '../widgets/use-media.ts';
import type { Desk } from './desk.ts';
import { ErrorScreen } from './error-screen.tsx';
import { useKeyboard } from './keyboard.ts';

const loadShell = () => import('./shell.tsx').then((m) => ({ default: m.Shell }));
const Shell = lazy(loadShell);
const FileDialog = lazy(() => import('../panels/file-dialog.tsx').then((m) => ({ default: m.FileDialog })));
const KeysDialog = lazy(() => import('../panels/keys-dialog.tsx').then((m) => ({ default: m.KeysDialog })));

interface AppProps {
  readonly state: AppState;
  readonly desk: Desk;
}

/** The page. */
export function App({ state, desk }: AppProps) {
  return (
    <ErrorScreen>
      <AppProvider value={state}>
        <Page desk={desk} />
      </AppProvider>
    </ErrorScreen>
  );
}

function Page({ desk }: { readonly desk: Desk }) {
  const place = useLayout((layout) => layout.place);
  const loaded = useRun((run) => run.scenario !== null);
  useKeyboard();
  useEffect(() => void loadShell(), []);
  useTheme();
  return (
    <>
      {!loaded ? null : place === 'question' ? (
        <QuestionPlate />
      ) : (
        <Suspense fallback={null}>
          <Shell desk={desk} />
        </Suspense>
      )}
      <Banners onCopyLink={desk.copyLink} />
      <EntityMenu />
      <Dialogs desk={desk} />
      <Narrator />
      <Watcher />
    </>
  );
}

function Dialogs({ desk }: { readonly desk: Desk }) {
  const dialog = useLayout((layout) => layout.dialog);
  return (
    <Suspense fallback={null}>
      {dialog === 'keys' ? <KeysDialog /> : null}
      {dialog === 'file' ? <FileDialog desk={desk.tapes} onPlay={desk.playOwn} /> : null}
    </Suspense>
  );
}

/** Theme and motion stand on the root element, where styles find them. */
function useTheme(): void {
  const { preferences } = useApp();
  const chosen = useStore(preferences);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const systemStill = useMedia('(prefers-reduced-motion: reduce)');
  useEffect(() => {
    document.documentElement.dataset.theme = isDark(chosen) ? 'dark' : 'light';
    document.documentElement.dataset.motion = isReduced(chosen) ? 'reduced' : 'full';
  }, [chosen, systemDark, systemStill]);
}
