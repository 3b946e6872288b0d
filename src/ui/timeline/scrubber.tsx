import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { useApp, useReadableRun } from '../state/binding.ts';
import { NARROW, useLine } from '../state/use-line.ts';
import { moment } from '../view-model/number-format.ts';
import { useMedia } from '../widgets/use-media.ts';
import { clampX, inView, timeAt, type Scale } from './scale.ts';
import { followed, panned, zoomed } from './view-span.ts';
import styles from './scrubber.module.css';

interface ScrubberProps {
  readonly scale: Scale;
  readonly height: number;
}

/** The moment shown: a slider over the whole known run, dragged, clicked or moved by keys. */
export function Scrubber({ scale, height }: ScrubberProps) {
  const { actions, timeline, run } = useApp();
  const furthest = useReadableRun((state) => Math.max(state.status.furthest, state.model.at));
  const rule = useNowRule(scale);

  const seekTo = (event: PointerEvent<HTMLElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const at = timeAt(scale, event.clientX - left + scale.left);
    actions.seek(Math.min(Math.max(at, 0), scale.to));
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (run.getState().status.playing) actions.pause();
    timeline.setState({ following: false });
    seekTo(event);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { at } = run.getState().model;
    const view = VIEW_KEYS[event.key.toLowerCase()]?.(scale, at);
    if (view !== undefined && !event.ctrlKey && !event.metaKey)
      timeline.setState({ ...view, following: false });
    else if (event.key === 'PageUp') actions.seek(at + 1_000_000);
    else if (event.key === 'PageDown') actions.seek(at - 1_000_000);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div
        className={styles.area}
        style={{ left: scale.left, width: scale.width, height }}
        role="slider"
        tabIndex={0}
        aria-label="Moment"
        aria-valuemin={0}
        aria-valuemax={Math.round(furthest / 1e6)}
        {...useValue()}
        onPointerDown={onPointerDown}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.rule} style={{ height }} ref={rule} aria-hidden="true">
        <svg width={15} height={16} className={styles.handle}>
          <path d="M0.500 0h14v8l-7 7l-7 -7z" />
        </svg>
      </div>
    </>
  );
}

type ViewKey = (view: Scale, at: number) => { readonly from: number; readonly to: number };

/** Perfetto's keys. */
const VIEW_KEYS: Readonly<Record<string, ViewKey>> = {
  w: (view, at) => zoomed(view, 1 / 1.5, at),
  s: (view, at) => zoomed(view, 1.5, at),
  a: (view) => panned(view, -0.15),
  d: (view) => panned(view, 0.15),
};

function useValue() {
  const at = useReadableRun((state) => state.model.at);
  const words = useLine(useMedia(NARROW))?.sentence ?? 'nothing out of the ordinary yet';
  return { 'aria-valuenow': Math.round(at / 1e6), 'aria-valuetext': `${moment(at)}, ${words}` };
}

/** Moves the rule without React, and lets the view follow while playing. */
function useNowRule(scale: Scale): RefObject<HTMLDivElement | null> {
  const { run, timeline } = useApp();
  const rule = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const { at } = run.getState().model;
      if (!inView(scale, at) && timeline.getState().following) {
        timeline.setState(followed(scale, at));
        return;
      }
      const element = rule.current;
      if (element === null) return;
      element.style.transform = `translateX(${clampX(scale, at)}px)`;
      element.style.visibility = inView(scale, at) ? 'visible' : 'hidden';
    };
    place();
    return run.subscribe(place);
  }, [run, timeline, scale]);
  return rule;
}
