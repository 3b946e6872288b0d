import { useEffect, useRef, type RefObject } from 'react';
import { Button } from '../widgets/button.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { useApp, useLayout, useRun, useTimeline } from '../state/binding.ts';
import { SPEEDS, type Speed } from '../state/playback.ts';
import { moment } from '../view-model/number-format.ts';
import { TicketEditor } from './ticket-editor.tsx';
import styles from './transport.module.css';

/** Play, pause, steps, the clock, speed. */
export function Transport() {
  const { layout } = useApp();
  const evidence = useLayout((state) => state.evidence);
  const ticket = useTimeline((state) => state.ticket);
  return (
    <div className={styles.transport} role="group" aria-label="Time">
      <Steps />
      <Clock />
      <div className={styles.wide}>
        <SpeedChoice />
      </div>
      <Behind />
      <span className={styles.grow} />
      {ticket === null ? null : <TicketEditor key={ticket} id={ticket} />}
      <Button
        look="plain"
        className={styles.wider}
        icon="metrics"
        aria-expanded={evidence}
        onClick={() => layout.setState({ evidence: !evidence })}
      >
        Evidence
      </Button>
      <Button
        className={styles.phone}
        icon="more"
        bare
        aria-label="Speed and more"
        onClick={() => layout.setState({ sheet: 'time' })}
      />
    </div>
  );
}

function Steps() {
  const { actions } = useApp();
  const playing = useRun((state) => state.status.playing);
  const play = useInheritedFocus(playing);
  return (
    <>
      <Button
        className={styles.wide}
        icon="start"
        bare
        aria-label="To the start"
        title="To the start"
        onClick={() => actions.seek(0)}
      />
      <Button
        className={styles.wide}
        icon="jump"
        bare
        data-mirror=""
        aria-label="Previous interesting event"
        title="Previous interesting event"
        onClick={() => actions.stepNotable(-1)}
      />
      <Button
        icon="prev"
        bare
        aria-label="Step back"
        title="One event back"
        onClick={() => actions.step(-1)}
      />
      <Button
        ref={play}
        className={styles.play}
        icon={playing ? 'pause' : 'play'}
        bare
        aria-label={playing ? 'Pause' : 'Play'}
        onClick={actions.togglePlay}
      />
      <Button icon="next" bare aria-label="Step" title="One event on" onClick={() => actions.step(1)} />
      <Button
        className={styles.wide}
        icon="jump"
        bare
        aria-label="Next interesting event"
        title="Next interesting event"
        onClick={() => actions.stepNotable(1)}
      />
    </>
  );
}

/** The button that let the run begin is gone with its screen: whoever pressed it by key goes on here. */
function useInheritedFocus(playing: boolean): RefObject<HTMLButtonElement | null> {
  const heir = useRef<HTMLButtonElement>(null);
  const settled = useRef(false);
  useEffect(() => {
    if (!playing || settled.current) return;
    settled.current = true;
    if (document.activeElement === document.body) heir.current?.focus({ preventScroll: true });
  }, [playing]);
  return heir;
}

/** The moment shown, written without React: it changes sixty times a second. */
function Clock() {
  const { run } = useApp();
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const write = () => {
      if (text.current !== null) text.current.textContent = moment(run.getState().model.at);
    };
    write();
    return run.subscribe(write);
  }, [run]);
  return <span className={styles.clock} ref={text} data-clock="" />;
}

const WORDS: Readonly<Record<string, { readonly label: string; readonly name: string }>> = {
  event: { label: '1 event', name: 'one event at a time' },
  '1': { label: '1×', name: 'real time' },
  max: { label: 'max', name: 'as fast as possible' },
};

const CHOICES = SPEEDS.map((value) => ({
  value,
  label: WORDS[value]?.label ?? String(value),
  name: WORDS[value]?.name ?? `${value} times real time`,
}));

export function SpeedChoice() {
  const { actions } = useApp();
  const speed = useRun((state) => state.status.speed);
  return (
    <Segmented<Speed>
      label="Speed"
      choices={CHOICES}
      value={speed}
      onChange={(value) => actions.setSpeed(value)}
    />
  );
}

/** Says so when the machine cannot keep the speed that was asked for. */
function Behind() {
  const behind = useRun((state) => state.status.behind && state.status.playing);
  return behind ? <span className={styles.behind}>this machine is slower</span> : null;
}
