import { useRef, useState } from 'react';
import type { Result } from '../../engine/base/result.ts';
import { useApp, useRun } from '../state/binding.ts';
import type { WantedFile as Wanted } from '../state/view-stores.ts';
import { Banner } from '../widgets/banner.tsx';
import { Button } from '../widgets/button.tsx';
import styles from './wanted-file.module.css';

interface WantedFileProps {
  readonly wanted: Wanted;
  /** The error is one sentence. */
  readonly onFile: (file: File) => Promise<Result<void, string>>;
}

/** Asks for the file without which a run cannot be opened. */
export function WantedFile({ wanted: { spec }, onFile }: WantedFileProps) {
  const { notices } = useApp();
  const standIn = useRun((state) => state.scenario?.name ?? null);
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setBusy(true);
    const taken = await onFile(file);
    setBusy(false);
    setError(taken.ok ? null : taken.error);
    if (input.current !== null) input.current.value = ''; // so that the same file can be tried again
  };
  return (
    <Banner look="plain" onClose={() => notices.setState({ wanted: null })}>
      <span className={styles.ask}>
        <span>
          This run plays the file {spec.file}, which is not in this browser.
          {standIn === null ? '' : ` Until you open it you see ${standIn}.`}
          {error === null ? null : <strong role="alert">{error}</strong>}
        </span>
        <Button className={styles.open} disabled={busy} onClick={() => input.current?.click()}>
          {busy ? 'Reading …' : `Open ${spec.file} …`}
        </Button>
      </span>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={spec.file}
        onChange={(event) => void take(event.target.files?.[0])}
      />
    </Banner>
  );
}
