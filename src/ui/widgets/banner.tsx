import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import styles from './banner.module.css';

interface BannerProps {
  /** `bad` is for proven harm and bugs of the simulator only. */
  readonly look: 'plain' | 'warn' | 'bad';
  readonly title?: string;
  readonly children: ReactNode;
  readonly onClose?: () => void;
}

/** One plain sentence across the page, with what can be done about it. */
export function Banner({ look, title, children, onClose }: BannerProps) {
  return (
    <div className={`${styles.banner} ${styles[look]}`} role={look === 'plain' ? 'status' : 'alert'}>
      {look === 'plain' ? null : <Icon name={look} />}
      <p>
        {title === undefined ? null : <b>{title} </b>}
        {children}
      </p>
      {onClose === undefined ? null : (
        <Button look="plain" icon="close" iconSize={18} bare aria-label="Dismiss" onClick={onClose} />
      )}
    </div>
  );
}
