import type { ReactNode } from 'react';
import styles from './facts.module.css';

export interface Reading {
  readonly value: string;
  readonly name: string;
  /** Proven harm. */
  readonly harm?: boolean;
}

/** Up to three large numbers. */
export function Readings({ readings }: { readonly readings: readonly Reading[] }) {
  return (
    <dl className={styles.readings}>
      {readings.map(({ value, name, harm }) => (
        <div key={name} className={harm === true ? styles.harm : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** More words than stand beside the name. */
  readonly below?: string;
  /** The name is a configuration key. */
  readonly machine?: boolean;
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value, below = '', machine }, i) => (
        <div key={`${i} ${name}`}>
          <dt className={machine ? 'machine' : undefined}>{name}</dt>
          <dd>{value}</dd>
          {below === '' ? null : <dd className={styles.below}>{below}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** A place that has nothing to show says what would fill it. */
export const Empty = ({ children }: { readonly children: ReactNode }) => (
  <p className={styles.empty}>{children}</p>
);
