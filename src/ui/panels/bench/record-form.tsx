import { useMemo, useState, type FormEvent, type ReactNode } from 'react';
import type { DriverStep, FigureInput, PipeStep } from '../../../engine/api/topology-driver.ts';
import { err, ok, type Result } from '../../../engine/base/result.ts';
import { readTyped, typedText, type Bench } from '../../state/bench.ts';
import { count } from '../../view-model/number-format.ts';
import { utc } from '../../view-model/query-answers.ts';
import { Button } from '../../widgets/button.tsx';
import styles from './bench.module.css';
import { useBench } from './use-bench.ts';

interface Typed {
  readonly topic: string;
  readonly key: string;
  readonly keyNull: boolean;
  readonly value: string;
  readonly valueNull: boolean;
  readonly time: string;
  /** One a line, `name: value`. */
  readonly headers: string;
}

interface FormProps {
  readonly bench: Bench;
  readonly inputs: readonly FigureInput[];
}

/** One record, or the wall clock. It is filled in with what the example or the scenario's tape has next. */
export function RecordForm({ bench, inputs }: FormProps) {
  const steps = useBench((state) => state.steps);
  const offered = useBench((state) => state.offered);
  const next = offered[pipedOf(steps)];
  const fresh = useMemo(() => blank(inputs, steps, next), [inputs, steps, next]);
  // What was typed is for this very step: after the next one the form is filled in anew.
  const [draft, setDraft] = useState<{ readonly of: Typed; readonly typed: Typed; readonly error: string }>();
  const { typed, error } = draft?.of === fresh ? draft : { typed: fresh, error: '' };
  const set = (change: Partial<Typed>) => setDraft({ of: fresh, typed: { ...typed, ...change }, error: '' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const step = readRecord(typed, inputs);
    if (step.ok) void bench.then(step.value);
    else setDraft({ of: fresh, typed, error: step.error });
  };
  if (inputs.length === 0) return <p className={styles.hint}>This topology reads no topic by its name.</p>;
  return (
    <form
      className={styles.form}
      aria-label="Pipe a record"
      onSubmit={submit}
      onKeyDown={(event) => event.stopPropagation()}
      noValidate
    >
      <Fields typed={typed} inputs={inputs} onChange={set} />
      {error === '' ? null : (
        <p className={styles.problem} role="alert">
          {error}
        </p>
      )}
      <div className={styles.row}>
        <Button type="submit" look="primary">
          Pipe it in
        </Button>
        <ManyButton bench={bench} steps={steps} offered={offered} />
      </div>
      <WallClock bench={bench} />
    </form>
  );
}

interface FieldsProps {
  readonly typed: Typed;
  readonly inputs: readonly FigureInput[];
  readonly onChange: (change: Partial<Typed>) => void;
}

function Fields({ typed, inputs, onChange }: FieldsProps) {
  const input = inputs.find(({ topic }) => topic === typed.topic);
  return (
    <>
      <Field label="topic">
        <select value={typed.topic} onChange={(event) => onChange({ topic: event.target.value })}>
          {inputs.map(({ topic }) => (
            <option key={topic}>{topic}</option>
          ))}
        </select>
      </Field>
      <Part
        name="key"
        type={input?.key ?? 'string'}
        text={typed.key}
        isNull={typed.keyNull}
        onText={(key) => onChange({ key, keyNull: false })}
        onNull={(keyNull) => onChange({ keyNull })}
      />
      <Part
        name="value"
        type={input?.value ?? 'string'}
        text={typed.value}
        isNull={typed.valueNull}
        onText={(value) => onChange({ value, valueNull: false })}
        onNull={(valueNull) => onChange({ valueNull })}
      />
      <Field label="timestamp, ms" note={timeNote(typed.time)}>
        <input
          value={typed.time}
          inputMode="numeric"
          autoComplete="off"
          onChange={(event) => onChange({ time: event.target.value })}
        />
      </Field>
      <details className={styles.more}>
        <summary>Headers</summary>
        <textarea
          aria-label="headers, one a line: name: value"
          rows={2}
          value={typed.headers}
          spellCheck={false}
          onChange={(event) => onChange({ headers: event.target.value })}
        />
      </details>
    </>
  );
}

/** So many records at once, where there are that many to come. */
function ManyButton({
  bench,
  steps,
  offered,
}: {
  readonly bench: Bench;
  readonly steps: readonly DriverStep[];
  readonly offered: readonly PipeStep[];
}) {
  const from = pipedOf(steps);
  const rest = offered.slice(from, from + 100);
  if (rest.length < 2) return null;
  return <Button onClick={() => void bench.then(...rest)}>Pipe the next {count(rest.length)}</Button>;
}

function WallClock({ bench }: { readonly bench: Bench }) {
  const [ms, setMs] = useState('1000');
  const valid = /^[1-9]\d{0,14}$/.test(ms);
  return (
    <div className={styles.row}>
      <label className={styles.inline}>
        wall clock on by
        <input value={ms} inputMode="numeric" size={7} onChange={(event) => setMs(event.target.value)} />
        ms
      </label>
      <Button disabled={!valid} onClick={() => void bench.then({ advanceWallClock: Number(ms) })}>
        Advance
      </Button>
    </div>
  );
}

interface PartProps {
  readonly name: 'key' | 'value';
  readonly type: string;
  readonly text: string;
  readonly isNull: boolean;
  readonly onText: (text: string) => void;
  readonly onNull: (isNull: boolean) => void;
}

/** A key or a value: text of the topic's type, or none. */
function Part({ name, type, text, isNull, onText, onNull }: PartProps) {
  const shared = {
    value: isNull ? '' : text,
    placeholder: isNull ? 'null' : type,
    spellCheck: false,
    'aria-label': name,
  };
  return (
    <div className={styles.field}>
      <span>
        {name}, {type}
      </span>
      {type === 'json' ? (
        <textarea {...shared} rows={3} onChange={(event) => onText(event.target.value)} />
      ) : (
        <input {...shared} autoComplete="off" onChange={(event) => onText(event.target.value)} />
      )}
      <label className={styles.inline}>
        <input type="checkbox" checked={isNull} onChange={(event) => onNull(event.target.checked)} />
        <span className="visually-hidden">{name} is </span>null
      </label>
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly note?: string;
  readonly children: ReactNode;
}

const Field = ({ label, note = '', children }: FieldProps) => (
  <label className={styles.field}>
    <span>{label}</span>
    {children}
    {note === '' ? null : <small>{note}</small>}
  </label>
);

const pipedOf = (steps: readonly DriverStep[]): number => steps.filter((step) => 'pipe' in step).length;

/** What stands in the form after a step: the next record that is offered, or the last one a second later. */
function blank(
  inputs: readonly FigureInput[],
  steps: readonly DriverStep[],
  next: PipeStep | undefined,
): Typed {
  const last = steps.findLast((step): step is PipeStep => 'pipe' in step);
  const step = next ?? (last === undefined ? undefined : { ...last, ts: last.ts + 1_000 });
  const [first] = inputs;
  if (step === undefined)
    return {
      topic: first?.topic ?? '',
      key: '',
      keyNull: false,
      value: '',
      valueNull: false,
      time: '0',
      headers: '',
    };
  const input = inputs.find(({ topic }) => topic === step.pipe);
  return {
    topic: step.pipe,
    key: typedText(step.key, input?.key ?? 'string'),
    keyNull: step.key === null,
    value: typedText(step.value, input?.value ?? 'string'),
    valueNull: step.value === null,
    time: String(step.ts),
    headers: (step.headers ?? []).map(([name, value]) => `${name}: ${value ?? ''}`).join('\n'),
  };
}

const TIME = /^[-−]?\d{1,16}$/;

/** Times of our days are said as a date. */
function timeNote(time: string): string {
  const ms = Number(time.replace('−', '-'));
  return TIME.test(time.trim()) && ms >= 86_400_000 && ms < 8.64e15 ? `${utc(ms)} UTC` : '';
}

function readRecord(typed: Typed, inputs: readonly FigureInput[]): Result<PipeStep, string> {
  const input = inputs.find(({ topic }) => topic === typed.topic);
  const key = typed.keyNull ? ok(null) : readTyped(typed.key, input?.key ?? 'string', 'key');
  if (!key.ok) return key;
  const value = typed.valueNull ? ok(null) : readTyped(typed.value, input?.value ?? 'string', 'value');
  if (!value.ok) return value;
  if (!TIME.test(typed.time.trim()))
    return err(`“${typed.time}” is no timestamp; it is a whole number of milliseconds since 1970.`);
  const headers = readHeaders(typed.headers);
  if (!headers.ok) return headers;
  return ok({
    pipe: typed.topic,
    key: key.value,
    value: value.value,
    ts: Number(typed.time.trim().replace('−', '-')),
    ...(headers.value.length > 0 && { headers: headers.value }),
  });
}

function readHeaders(text: string): Result<readonly (readonly [string, string])[], string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const bad = lines.find((line) => !line.includes(':'));
  if (bad !== undefined) return err(`The header “${bad}” needs a colon between its name and its value.`);
  return ok(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
    }),
  );
}
