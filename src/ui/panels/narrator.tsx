import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp, useReadableRun } from '../state/binding.ts';
import { NARROW, useLine } from '../state/use-line.ts';
import { sceneSummary } from '../view-model/narration-scene.ts';
import { useMedia } from '../widgets/use-media.ts';

/** At most one digest in so many ms while playing. */
const DIGEST_MS = 4_000;

/** Says aloud what the caption shows: at once when stepping, as a digest while playing, nothing if that is wished. */
export function Narrator() {
  const app = useApp();
  const line = useLine(useMedia(NARROW));
  const playing = useReadableRun((state) => state.status.playing);
  const verbosity = useStore(app.preferences, (state) => state.narration);
  const [digest, setDigest] = useState('');
  useEffect(() => {
    if (!playing || verbosity !== 'digests') return;
    const timer = setInterval(() => {
      const { model, status } = app.run.getState();
      setDigest(sceneSummary(model.entities, model.at, status.playing));
    }, DIGEST_MS);
    return () => clearInterval(timer);
  }, [app, playing, verbosity]);
  const sentence = line?.sentence ?? '';
  const text = verbosity === 'quiet' ? '' : playing && verbosity === 'digests' ? digest : sentence;
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label="What happens">
      {text}
    </div>
  );
}
