import { lazy, Suspense, useLayoutEffect } from 'react';
import { AppProvider, useLayout, useRun } from '../state/binding.ts';
import type { AppState } from '../state/app-state.ts';
import { Banners } from '../panels/banners.tsx';
import { EntityMenu } from '../panels/entity-menu.tsx';
import { Narrator } from '../panels/narrator.tsx';
import { Watcher } from '../panels/watcher.tsx';
import type { Desk } from './desk.ts';
import { ErrorScreen } from './error-screen.tsx';
import { Shell } from './shell.tsx';

const FileDialog = lazy(() => import('../panels/file-dialog.tsx').then((m) => ({ default: m.FileDialog })));
const KeysDialog = lazy(() => import('../panels/keys-dialog.tsx').then((m) => ({ default: m.KeysDialog })));
const OpenForm = lazy(() => import('../panels/open-form.tsx').then((m) => ({ default: m.OpenForm })));
const MuseumDialog = lazy(() =>
  import('../lesson-player/museum-dialog.tsx').then((m) => ({ default: m.MuseumDialog })),
);

interface PageProps {
  readonly desk: Desk;
  /** The laboratory stands: what was there before it may go. */
  readonly onLab: () => void;
}

/** The laboratory, and what is said while it is not open yet. */
export function App({ state, ...props }: PageProps & { readonly state: AppState }) {
  return (
    <ErrorScreen>
      <AppProvider value={state}>
        <Page {...props} />
      </AppProvider>
    </ErrorScreen>
  );
}

function Page({ desk, onLab }: PageProps) {
  const place = useLayout((layout) => layout.place);
  const loaded = useRun((run) => run.scenario !== null);
  const open = loaded && place === 'lab';
  useLayoutEffect(() => {
    if (open) onLab();
  }, [open, onLab]);
  return (
    <>
      {open ? <Shell desk={desk} /> : null}
      <Banners desk={desk} />
      <EntityMenu />
      <Dialogs desk={desk} />
      <Narrator />
      <Watcher />
    </>
  );
}

function Dialogs({ desk }: { readonly desk: Desk }) {
  const dialog = useLayout((layout) => layout.dialog);
  const form = useLayout((layout) => layout.form);
  return (
    <Suspense fallback={null}>
      {dialog === 'keys' ? <KeysDialog /> : null}
      {form === null ? null : <OpenForm key={`${form.name} ${form.id}`} place={form} />}
      {dialog === 'museum' ? <MuseumDialog onOpen={desk.openExhibit} /> : null}
      {dialog === 'file' ? <FileDialog desk={desk.tapes} onPlay={desk.playOwn} /> : null}
    </Suspense>
  );
}
