import type { ReactNode } from 'react';
import { useLayout } from '../state/binding.ts';
import styles from './time-panel.module.css';
import { Tracks } from './tracks.tsx';
import { Transport } from './transport.tsx';

/** The foot of the page: transport, and below it the tracks or the evidence. */
export function TimePanel({ evidence }: { readonly evidence: ReactNode }) {
  const open = useLayout((state) => state.evidence);
  return (
    <section className={styles.panel} aria-label="Timeline">
      <Transport />
      <div className={open ? styles.slim : styles.full}>
        <Tracks slim={open} />
      </div>
      {open ? evidence : null}
    </section>
  );
}
