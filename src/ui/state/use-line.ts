import { useMemo } from 'react';
import { namesOf } from '../view-model/narration-scene.ts';
import type { Line } from '../view-model/narration.ts';
import { captionLine } from '../view-model/story.ts';
import { useReadableRun } from './binding.ts';
import type { SessionStatus } from './playback.ts';

/** Windows with less room for a caption. */
export const NARROW = '(max-width: 1300px)';

/** As fast as the machine can is read like this speed. */
const FASTEST = 16;

/** What is to be said of the moment shown, wherever it is said. */
export function useLine(narrow: boolean): Line | null {
  const { notable, rhythm, transactions } = useReadableRun((state) => state.history);
  const at = useReadableRun((state) => state.model.at);
  const entities = useReadableRun((state) => state.model.entities);
  const names = useMemo(() => namesOf(entities), [entities]);
  const pace = useReadableRun((state) => paceOf(state.status));
  const longest = narrow ? 100 : 150;
  return useMemo(
    () => captionLine({ notable, rhythm, transactions }, at, names, { pace, longest }),
    [notable, rhythm, transactions, at, names, pace, longest],
  );
}

function paceOf({ playing, speed }: SessionStatus): number | null {
  if (!playing || speed === 'event') return null;
  return speed === 'max' ? FASTEST : speed;
}
