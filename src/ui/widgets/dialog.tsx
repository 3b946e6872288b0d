import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { giveBack } from './give-back.ts';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons below, the one that goes on last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}

/** A modal window; the browser keeps focus inside, Escape closes it. */
export function Dialog({ title, onClose, children, actions, wide }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const before = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      giveBack(before);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={[styles.dialog, wide ? styles.wide : ''].join(' ').trim()}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className={styles.header}>
        <h2>{title}</h2>
        <Button look="plain" icon="close" bare aria-label="Close" onClick={onClose} />
      </header>
      <div className={styles.body}>{children}</div>
      {actions === undefined ? null : <footer className={styles.footer}>{actions}</footer>}
    </dialog>
  );
}
