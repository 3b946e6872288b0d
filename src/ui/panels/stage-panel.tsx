import { useEffect, useRef } from 'react';
import type { RecordsDetail } from '../../engine/api/detail.ts';
import type { AppState } from '../state/app-state.ts';
import { useApp } from '../state/binding.ts';
import { detailKey } from '../state/run-model.ts';
import { partitionInFocus } from '../view-model/lanes/model.ts';
import { StagePainter } from '../view-model/stage-painter.ts';
import { runStage } from './run-stage.ts';
import styles from './stage-panel.module.css';

/** The picture. It draws by itself; React only gives it its place. */
export function StagePanel() {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      host.current === null
        ? undefined
        : runStage(app, host.current, { painter: new StagePainter(), records: recordsInFocus }),
    [app],
  );
  return <div className={styles.stage} ref={host} data-stage="" />;
}

function recordsInFocus({ run, selection }: AppState): RecordsDetail | null {
  const { entities, details } = run.getState().model;
  const shown = partitionInFocus({ entities, focusPartition: selection.getState().focusPartition });
  const detail = shown === null ? undefined : details.get(detailKey({ id: shown.id, what: 'records' }));
  return detail?.what === 'records' ? detail : null;
}
