import type { Pace } from '../../engine/api/scenario.ts';
import { Segmented } from '../widgets/segmented.tsx';
import styles from './file-dialog.module.css';

interface PaceChoiceProps {
  readonly pace: Pace;
  readonly onChange: (pace: Pace) => void;
}

const KINDS = [
  { value: 'rate', label: 'so many a second' },
  { value: 'times', label: 'the tape’s own time' },
  { value: 'max', label: 'as fast as possible' },
] as const;

/** Gaps of the tape's own time are shortened to this much, so that a night does not take a night. */
const GAP_MAX_MS = 600_000;

/** How fast a tape is played. */
export function PaceChoice({ pace, onChange }: PaceChoiceProps) {
  const choose = (kind: Pace['kind']) => {
    if (kind === 'rate') onChange({ kind, perSecond: 250 });
    else if (kind === 'times') onChange({ kind, factor: 60, gapMaxMs: GAP_MAX_MS });
    else onChange({ kind });
  };
  return (
    <div className={styles.pace}>
      <span>Speed</span>
      <Segmented label="Speed of the tape" choices={KINDS} value={pace.kind} onChange={choose} />
      {pace.kind === 'rate' ? (
        <Amount
          label="records a second"
          value={pace.perSecond}
          max={100_000}
          onChange={(perSecond) => onChange({ ...pace, perSecond })}
        />
      ) : null}
      {pace.kind === 'times' ? (
        <Amount
          label="times faster"
          value={pace.factor}
          max={100_000}
          onChange={(factor) => onChange({ ...pace, factor })}
        />
      ) : null}
    </div>
  );
}

interface AmountProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

const Amount = ({ label, value, max, onChange }: AmountProps) => (
  <label className={styles.amount}>
    <input
      type="number"
      min={1}
      max={max}
      step={1}
      defaultValue={value}
      onChange={(event) => {
        const written = Math.round(Number(event.target.value));
        if (written >= 1 && written <= max) onChange(written);
      }}
    />
    {label}
  </label>
);
