import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { IconName } from '../theme/icon-paths.ts';
import { Icon } from './icon.tsx';
import { giveBack } from './give-back.ts';
import styles from './menu.module.css';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  /** Shown at the right: the key that does the same. */
  readonly hint?: string;
  /** Leads to more choices. */
  readonly more?: boolean;
  /** Begins a group. */
  readonly apart?: boolean;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Of the window; `above`: where the menu ends. */
  readonly at: { readonly x: number; readonly y: number; readonly above: boolean };
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
}

const MARGIN = 8;

/** A menu at a point of the window. Arrows, Home, End and first letters move; Enter picks; Escape closes. */
export function Menu({ label, items, at: { x, y, above }, onPick, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const content = items.map((item) => item.id).join('\n');
  useReturnOfFocus(); // before the menu takes the focus
  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(MARGIN, Math.min(x, window.innerWidth - width - MARGIN))}px`;
    const top = above ? y - height : y;
    element.style.top = `${Math.max(MARGIN, Math.min(top, window.innerHeight - height - MARGIN))}px`;
    element.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [x, y, above, content]); // not `items`: they may be made anew many times a second
  return (
    <section aria-label={label}>
      <div
        className={styles.shade}
        onPointerDown={onClose}
        onContextMenu={(event) => {
          event.preventDefault();
          onClose();
        }}
      />
      <div
        className={styles.menu}
        role="menu"
        aria-label={label}
        ref={menu}
        onKeyDown={(event) => moveInMenu(event, onClose)}
      >
        <div className={styles.title} role="presentation">
          {label}
        </div>
        {items.map((item) => (
          <button
            key={item.id}
            type="button"
            role="menuitem"
            tabIndex={-1}
            aria-haspopup={item.more ? 'menu' : undefined}
            className={item.apart ? styles.apart : undefined}
            onClick={() => onPick(item.id)}
          >
            <span className={styles.icon}>
              {item.icon === undefined ? null : <Icon name={item.icon} size={18} />}
            </span>
            <span>{item.label}</span>
            {item.more ? <Icon name="chevr" size={16} /> : <kbd aria-hidden="true">{item.hint ?? ''}</kbd>}
          </button>
        ))}
      </div>
    </section>
  );
}

function useReturnOfFocus() {
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () => {
      giveBack(before);
    };
  }, []);
}

function moveInMenu(event: KeyboardEvent<HTMLDivElement>, onClose: () => void) {
  event.stopPropagation();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = target(event.key, at, items);
  if (event.key === 'Escape' || event.key === 'Tab') onClose();
  else if (to === undefined) return;
  else items[to]?.focus();
  event.preventDefault();
}

function target(key: string, at: number, items: readonly HTMLElement[]): number | undefined {
  if (key === 'ArrowDown') return (at + 1) % items.length;
  if (key === 'ArrowUp') return (at - 1 + items.length) % items.length;
  if (key === 'Home') return 0;
  if (key === 'End') return items.length - 1;
  if (!/^[a-z0-9]$/i.test(key)) return undefined;
  const letter = key.toLowerCase();
  const order = items.map((_, i) => (at + 1 + i) % items.length);
  return order.find((i) => items[i]?.textContent.trim().toLowerCase().startsWith(letter));
}
