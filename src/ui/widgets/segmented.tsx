import { useRef, type KeyboardEvent } from 'react';
import styles from './segmented.module.css';

interface Choice<T> {
  readonly value: T;
  readonly label: string;
  /** Read aloud instead of the label. */
  readonly name?: string;
}

interface SegmentedProps<T> {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side; arrow keys move the choice. */
export function Segmented<T extends string | number>(props: SegmentedProps<T>) {
  const { label, choices, value, onChange } = props;
  const group = useRef<HTMLDivElement>(null);
  const chosen = choices.findIndex((choice) => choice.value === value);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (Math.max(chosen, 0) + by + choices.length) % choices.length;
    const choice = choices[next];
    if (choice) onChange(choice.value);
    group.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className={styles.group} role="radiogroup" aria-label={label} ref={group} onKeyDown={onKeyDown}>
      {choices.map((choice, index) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          aria-label={choice.name}
          tabIndex={index === Math.max(chosen, 0) ? 0 : -1}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
