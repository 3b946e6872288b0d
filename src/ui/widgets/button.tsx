import type { ComponentProps } from 'react';
import type { IconName } from '../theme/icon-paths.ts';
import styles from './button.module.css';
import { Icon } from './icon.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` is the one filled surface of a view; `plain` has no frame at rest. */
  readonly look?: 'primary' | 'frame' | 'plain' | 'link';
  readonly icon?: IconName;
  readonly iconSize?: number;
  /** Only the icon is seen; then `aria-label` is required. */
  readonly bare?: boolean;
}

export function Button({ look = 'frame', icon, iconSize = 20, bare, className, ...rest }: ButtonProps) {
  const { children, type = 'button', ...props } = rest;
  const classes = [styles.button, styles[look], bare ? styles.bare : '', className ?? ''];
  return (
    <button type={type} className={classes.join(' ').trim()} {...props}>
      {icon === undefined ? null : <Icon name={icon} size={iconSize} />}
      {bare ? null : children}
    </button>
  );
}
