import { useEffect, useState } from 'react';
import type { ConfigSet } from '../../engine/api/config/known-keys/known-keys.ts';
import styles from './config-tab.module.css';

/** Kafka's keys of this kind that the model knows by name only: it refuses them. Their list is loaded when asked for. */
export function KeysNotModelled({ set }: { readonly set: ConfigSet }) {
  const [open, setOpen] = useState(false);
  const [keys, setKeys] = useState<readonly string[] | null>(null);
  useEffect(() => {
    if (!open) return undefined;
    let wanted = true;
    void import('../../engine/api/config/known-keys/known-keys.ts').then((known) => {
      if (wanted) setKeys(Object.keys(known.keysNotModelled(set)).sort());
    });
    return () => {
      wanted = false;
    };
  }, [open, set]);
  return (
    <details className={styles.unmodelled} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Kafka’s keys that are not modelled</summary>
      {keys === null ? null : (
        <ul aria-label="Keys that are not modelled">
          {keys.map((key) => (
            <li key={key}>
              <code>{key}</code>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
