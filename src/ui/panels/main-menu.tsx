import { useRef } from 'react';
import { useStore } from 'zustand';
import { Button } from '../widgets/button.tsx';
import { Menu, type MenuItem } from '../widgets/menu.tsx';
import { useApp, useLayout } from '../state/binding.ts';
import type { Preferences } from '../state/preferences.ts';
import { isDark } from '../state/preferences.ts';
import { BUNDLED } from '../state/library.ts';

/** Where the menu leads besides the page itself. */
export interface Doors {
  readonly copyLink: () => void;
  readonly startOver: () => void;
  readonly openBundled: (id: string) => void;
}

/** What concerns the whole page, behind one button. */
export function MainMenu({ copyLink, startOver, openBundled }: Doors) {
  const { actions, layout, preferences } = useApp();
  const open = useLayout((state) => state.mainMenu);
  const chosen = useStore(preferences);
  const button = useRef<HTMLDivElement>(null);
  const toggle = (mainMenu: boolean) => layout.setState({ mainMenu });
  const doing: Readonly<Record<string, () => void>> = {
    link: copyLink,
    undo: actions.undo,
    redo: actions.redo,
    museum: () => layout.setState({ dialog: 'museum' }),
    file: () => layout.setState({ dialog: 'file' }),
    over: startOver,
    theme: () => preferences.setState({ theme: isDark(chosen) ? 'light' : 'dark' }),
    system: () => preferences.setState({ theme: 'system' }),
    keys: () => layout.setState({ dialog: 'keys' }),
  };
  return (
    <div ref={button}>
      <Button
        look="plain"
        icon="menu"
        bare
        aria-label="Menu"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => toggle(!open)}
      />
      {open ? (
        <Menu
          label="Millrace"
          items={itemsFor(chosen)}
          at={{ x: 8, y: 46, above: false }}
          onClose={() => toggle(false)}
          onPick={(id) => {
            toggle(false);
            if (BUNDLED.some((scenario) => scenario.id === id)) openBundled(id);
            else doing[id]?.();
          }}
        />
      ) : null}
    </div>
  );
}

function itemsFor(preferences: Preferences): readonly MenuItem[] {
  const items: MenuItem[] = [
    ...BUNDLED.map(({ id, name }) => ({ id, label: name, icon: 'guide' as const })),
    { id: 'museum', label: 'Museum of Kafka’s flaws …', icon: 'bookmark' },
    { id: 'file', label: 'Play a file of your own …', icon: 'plus', apart: true },
    { id: 'link', label: 'Copy link to this moment', icon: 'share' },
    { id: 'over', label: 'Start over', icon: 'start' },
    { id: 'undo', label: 'Undo', icon: 'undo', hint: 'Ctrl Z', apart: true },
    { id: 'redo', label: 'Redo', icon: 'redo', hint: 'Ctrl Shift Z' },
    { id: 'theme', label: isDark(preferences) ? 'Light theme' : 'Dark theme', icon: 'theme', apart: true },
  ];
  if (preferences.theme !== 'system')
    items.push({ id: 'system', label: 'Theme of the system', icon: 'present' });
  return [...items, { id: 'keys', label: 'All keys and settings', icon: 'help', hint: '?' }];
}
