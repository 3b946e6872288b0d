import './ui/theme/index.css';
import { boot } from './ui/app/boot.ts';

const root = document.getElementById('root');
if (root !== null) void boot(root);

if (import.meta.env.PROD && 'serviceWorker' in navigator)
  window.addEventListener(
    'load',
    () => void navigator.serviceWorker.register('./sw.js').catch(() => undefined),
  );
