import { useEffect, useRef } from 'react';
import { useApp } from '../state/binding.ts';
import { runStage } from './run-stage.ts';
import styles from './stage-panel.module.css';

/** The picture. It draws by itself; React only gives it its place. */
export function StagePanel() {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => (host.current === null ? undefined : runStage(app, host.current)), [app]);
  return <div className={styles.stage} ref={host} data-stage="" />;
}
