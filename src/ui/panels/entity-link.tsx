import type { ReactNode } from 'react';
import { useApp } from '../state/binding.ts';
import styles from './entity-link.module.css';

/** Selects another entity. */
export function EntityLink({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const { actions } = useApp();
  return (
    <button type="button" className={styles.link} onClick={() => actions.select(id)}>
      {children}
    </button>
  );
}
