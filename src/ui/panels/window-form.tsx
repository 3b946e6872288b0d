import { useState, type FormEvent } from 'react';
import { useApp } from '../state/binding.ts';
import { changeWindows } from '../state/change-windows.ts';
import { Button } from '../widgets/button.tsx';
import styles from './window-form.module.css';

interface WindowFormProps {
  readonly application: string;
  readonly sizeMs: number;
  readonly graceMs: number;
}

const MS_PER_SECOND = 1_000;

/** Size and grace of an application's windows. A topology cannot change while it runs, so the run is computed anew. */
export function WindowForm({ application, sizeMs, graceMs }: WindowFormProps) {
  const app = useApp();
  const [size, setSize] = useState(String(sizeMs / MS_PER_SECOND));
  const [grace, setGrace] = useState(String(graceMs / MS_PER_SECOND));
  const [busy, setBusy] = useState(false);
  const same = Number(size) * MS_PER_SECOND === sizeMs && Number(grace) * MS_PER_SECOND === graceMs;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const choice = {
      sizeMs: Math.round(Number(size) * MS_PER_SECOND),
      graceMs: Math.round(Number(grace) * MS_PER_SECOND),
    };
    void changeWindows(app, application, choice).finally(() => setBusy(false));
  };
  return (
    <form className={styles.form} onSubmit={submit} onKeyDown={(event) => event.stopPropagation()}>
      <label>
        window
        <input
          type="number"
          min="0.001"
          step="any"
          required
          value={size}
          onChange={(event) => setSize(event.target.value)}
        />
        s
      </label>
      <label>
        grace
        <input
          type="number"
          min="0"
          step="any"
          required
          value={grace}
          onChange={(event) => setGrace(event.target.value)}
        />
        s
      </label>
      <Button type="submit" disabled={same || busy}>
        {busy ? 'Computing' : 'Count again'}
      </Button>
      <span className={styles.note}>The run is computed anew, with your acts, up to this moment.</span>
    </form>
  );
}
