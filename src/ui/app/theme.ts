import { isDark, isReduced, type PreferencesStore } from '../state/preferences.ts';

/** Keeps theme and motion on the root element, where styles find them. */
export function followTheme(preferences: PreferencesStore): void {
  const apply = () => {
    const chosen = preferences.getState();
    document.documentElement.dataset.theme = isDark(chosen) ? 'dark' : 'light';
    document.documentElement.dataset.motion = isReduced(chosen) ? 'reduced' : 'full';
  };
  preferences.subscribe(apply);
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)'])
    window.matchMedia(query).addEventListener('change', apply);
  apply();
}
