import { useState } from 'react';
import type { Problem } from '../../../engine/api/scenario-problem.ts';
import type { Bench } from '../../state/bench.ts';
import { Button } from '../../widgets/button.tsx';
import styles from './bench.module.css';
import { placed } from './text-tab.tsx';
import { CopyButton } from './topology-tab.tsx';

/** Topology and steps as text, to be handed on; and a text of somebody else, to be opened. */
export function SessionText({ bench }: { readonly bench: Bench }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const open = async () => {
    const found = await bench.openSession(text);
    setProblem(found);
  };
  const write = (next: string) => {
    setText(next);
    setProblem(null);
  };
  return (
    <details
      className={styles.more}
      onToggle={(event) => {
        if (event.currentTarget.open && text === '') void bench.sessionText().then(write);
      }}
    >
      <summary>Share the session as text</summary>
      <textarea
        className={styles.session}
        aria-label="Session as text"
        rows={8}
        value={text}
        spellCheck={false}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => event.stopPropagation()}
      />
      {problem === null ? null : (
        <p className={styles.problem} role="alert">
          {placed(problem)}
        </p>
      )}
      <div className={styles.row}>
        <CopyButton text={text} />
        <Button onClick={() => void bench.sessionText().then(write)}>Write it anew</Button>
        <Button onClick={() => void open()}>Open this text</Button>
      </div>
    </details>
  );
}
