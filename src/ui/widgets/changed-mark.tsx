import styles from './changed-mark.module.css';

/** The half-filled diamond before every value that is not the default. */
export const ChangedMark = () => (
  <svg className={styles.mark} width={12} height={12} viewBox="0 0 12 12" aria-hidden="true">
    <path d="M6 1l5 5l-5 5l-5 -5z" fill="none" stroke="currentColor" strokeWidth={1.25} />
    <path d="M6 1l-5 5l5 5z" fill="currentColor" />
  </svg>
);
