import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { Dialog } from '../widgets/dialog.tsx';
import { KeyCap } from '../widgets/key-cap.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { useApp } from '../state/binding.ts';
import styles from './keys-dialog.module.css';

const KEYS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Time',
    keys: [
      ['Space', 'play, pause'],
      ['→ or .', 'next event'],
      ['← or ,', 'previous event'],
      ['Shift →', 'next interesting event'],
      ['Shift ←', 'previous interesting event'],
      ['Home, End', 'start, end of the known run'],
      ['[ and ]', 'slower, faster'],
    ],
  },
  {
    title: 'Timeline',
    keys: [
      ['W, S', 'zoom in, out'],
      ['A, D', 'earlier, later'],
      ['← →', 'on a ticket: 10 ms; with Shift 100 ms'],
      ['Enter', 'on a ticket: edit its time'],
      ['Space', 'on a ticket: switch off, on'],
      ['Delete', 'on a ticket: take it away'],
    ],
  },
  {
    title: 'Selection',
    keys: [
      ['K', 'crash it, or start it again'],
      ['P', 'pause it, or let it go on'],
      ['X', 'cut a link'],
      ['Z', 'slow a link'],
      ['T', 'Kafka’s tools'],
      ['Shift F10', 'everything that can be done to it'],
      ['Escape', 'let go'],
    ],
  },
  {
    title: 'Page',
    keys: [
      ['O', 'outline: the stage in words'],
      ['2, 3', 'one partition, the whole topology'],
      ['B', 'bench: topologies and a test driver'],
      ['E', 'evidence'],
      ['G', 'ledger'],
      ['N', 'narration'],
      ['Ctrl Z', 'undo; with Shift redo'],
      ['?', 'this list'],
    ],
  },
];

/** All keys, and the few settings that concern keys, motion and speech. */
export function KeysDialog() {
  const { layout } = useApp();
  return (
    <Dialog title="Keys and settings" wide onClose={() => layout.setState({ dialog: null })}>
      <div className={styles.columns}>
        {KEYS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    <KeyCap>{key}</KeyCap>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Settings />
    </Dialog>
  );
}

function Settings() {
  const { preferences } = useApp();
  const chosen = useStore(preferences);
  return (
    <div className={styles.settings}>
      <Setting label="Theme">
        <Segmented
          label="Theme"
          choices={[
            { value: 'system', label: 'as the system' },
            { value: 'light', label: 'light' },
            { value: 'dark', label: 'dark' },
          ]}
          value={chosen.theme}
          onChange={(theme) => preferences.setState({ theme })}
        />
      </Setting>
      <Setting label="Motion">
        <Segmented
          label="Motion"
          choices={[
            { value: 'system', label: 'as the system' },
            { value: 'reduced', label: 'none' },
          ]}
          value={chosen.motion}
          onChange={(motion) => preferences.setState({ motion })}
        />
      </Setting>
      <Setting label="Spoken">
        <Segmented
          label="Spoken"
          choices={[
            { value: 'events', label: 'every event' },
            { value: 'digests', label: 'digests' },
            { value: 'quiet', label: 'nothing' },
          ]}
          value={chosen.narration}
          onChange={(narration) => preferences.setState({ narration })}
        />
      </Setting>
      <Setting label="One-letter keys">
        <Segmented
          label="One-letter keys"
          choices={[
            { value: 1, label: 'on' },
            { value: 0, label: 'off' },
          ]}
          value={chosen.letterKeys ? 1 : 0}
          onChange={(on) => preferences.setState({ letterKeys: on === 1 })}
        />
      </Setting>
    </div>
  );
}

function Setting({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <span>{label}</span>
      {children}
    </div>
  );
}
