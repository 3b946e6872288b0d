import './ui/theme/index.css';
import { boot } from './ui/app/boot.ts';

/** Keeps the whole page for a time without network. It takes the network for itself, so the first screen comes before. */
function keepOffline(): void {
  if (import.meta.env.PROD && 'serviceWorker' in navigator)
    void navigator.serviceWorker.register('./sw.js').catch(() => undefined);
}

const root = document.getElementById('root');
if (root !== null) void boot(root).then(keepOffline);
