import { useMemo } from 'react';
import { useReadableRun } from '../state/binding.ts';
import type { Names } from '../view-model/caption.ts';
import { namesOf } from '../view-model/narration-scene.ts';

/** What machines are called. */
export function useNames(): Names {
  const entities = useReadableRun((state) => state.model.entities);
  return useMemo(() => namesOf(entities), [entities]);
}
