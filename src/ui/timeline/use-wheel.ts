import { useEffect, type RefObject } from 'react';
import type { RunStore } from '../state/run-store.ts';
import { useApp } from '../state/binding.ts';
import { timeAt, type Scale } from './scale.ts';
import { panned, zoomed } from './view-span.ts';

/** The wheel moves along time; with Ctrl (or a pinch) it zooms about the pointer. */
export function useWheel(host: RefObject<HTMLElement | null>, scale: Scale, run: RunStore): void {
  const { timeline } = useApp();
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const about = timeAt(scale, event.clientX - element.getBoundingClientRect().left);
      const view =
        event.ctrlKey || event.metaKey
          ? zoomed(scale, event.deltaY > 0 ? 1.15 : 1 / 1.15, about)
          : panned(scale, (event.deltaX + event.deltaY) / scale.width);
      timeline.setState({ ...view, following: false });
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [host, scale, timeline, run]);
}
