import { useState, type FormEvent } from 'react';
import { useApp } from '../state/binding.ts';
import {
  byTime,
  EMPTY_QUERY,
  KIND_WORDS,
  readQuery,
  settled,
  type QueriedApplication,
  type QueryValues,
} from '../view-model/query-form.ts';
import { Button } from '../widgets/button.tsx';
import styles from './evidence-queries.module.css';
import { useNames } from './use-names.ts';

interface FormProps {
  readonly applications: readonly QueriedApplication[];
}

/** What is asked of which store, sent at the present moment. */
export function QueryForm({ applications }: FormProps) {
  const { actions, notices } = useApp();
  const [values, setValues] = useState<QueryValues>(EMPTY_QUERY);
  const [error, setError] = useState<string | null>(null);
  const set = (change: Partial<QueryValues>) => {
    setValues({ ...values, ...change });
    setError(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const act = readQuery(values, applications);
    if (!act.ok) setError(act.error);
    else if (!(await actions.act(act.value))) {
      setError(notices.getState().sentence);
      actions.say(null);
    }
  };
  return (
    <form
      className={styles.form}
      aria-label="Query a store"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.stopPropagation()}
      noValidate
    >
      <WhatIsAsked applications={applications} values={values} onChange={set} />
      <WhoIsAsked applications={applications} values={values} onChange={set} />
      <Button type="submit">Send</Button>
      {error === null ? null : (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </form>
  );
}

interface FieldsProps extends FormProps {
  readonly values: QueryValues;
  readonly onChange: (change: Partial<QueryValues>) => void;
}

const named = (names: readonly string[]) => names.map((name) => [name, name] as const);

/** Store, and what of it: a key, or the ends of a range of keys or times. */
function WhatIsAsked({ applications, values, onChange }: FieldsProps) {
  const { application, store, kind } = settled(values, applications);
  const timed = byTime(kind);
  return (
    <>
      <Choice
        label="of"
        value={application?.name ?? ''}
        options={named(applications.map(({ name }) => name))}
        onChange={(name) => onChange({ application: name })}
      />
      <Choice
        label="store"
        value={store?.name ?? ''}
        options={named((application?.stores ?? []).map(({ name }) => name))}
        onChange={(name) => onChange({ store: name })}
      />
      <Choice
        label="for"
        value={kind ?? ''}
        options={(store?.kinds ?? []).map((one) => [one, KIND_WORDS[one]])}
        onChange={(name) => onChange({ kind: name })}
      />
      {kind === 'range' ? null : (
        <Text
          label="key"
          value={values.key}
          hint={timed ? 'all' : ''}
          onChange={(key) => onChange({ key })}
        />
      )}
      {kind === 'key' ? null : (
        <>
          <Text
            label="from"
            value={values.from}
            hint={timed ? '2015-05-20 21:05' : 'the first'}
            onChange={(from) => onChange({ from })}
          />
          <Text
            label="to"
            value={values.to}
            hint={timed ? 'the end' : 'the last'}
            onChange={(to) => onChange({ to })}
          />
        </>
      )}
    </>
  );
}

/** Which instance is asked first, and whether a copy will do. */
function WhoIsAsked({ applications, values, onChange }: FieldsProps) {
  const names = useNames();
  const { application, instance } = settled(values, applications);
  const instances = (application?.instances ?? []).map((node) => [node, names.node(node)] as const);
  return (
    <>
      <Choice
        label="ask"
        value={instance}
        options={[['', 'the first that answers'], ...instances]}
        onChange={(node) => onChange({ instance: node })}
      />
      <label>
        <input
          type="checkbox"
          checked={values.stale}
          onChange={(event) => onChange({ stale: event.target.checked })}
        />
        stale reads allowed
      </label>
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <label>
    {label}
    <select value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

interface TextProps {
  readonly label: string;
  readonly value: string;
  /** Stands there while nothing does. */
  readonly hint: string;
  readonly onChange: (value: string) => void;
}

const Text = ({ label, value, hint, onChange }: TextProps) => (
  <label>
    {label}
    <input
      value={value}
      placeholder={hint}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  </label>
);
