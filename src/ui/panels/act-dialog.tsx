import { useEffect, useId, useState, type FormEvent } from 'react';
import { useApp } from '../state/binding.ts';
import { askedOf, type ActField, type ActForm, type ActValues } from '../view-model/act-form.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import styles from './act-dialog.module.css';

interface ActDialogProps {
  readonly form: ActForm;
  readonly onClose: () => void;
}

/** Asks what an act needs to be told, does it, and says in the form why it cannot be done. */
export function ActDialog({ form, onClose }: ActDialogProps) {
  const { actions, notices } = useApp();
  const [values, setValues] = useState<ActValues>(() =>
    Object.fromEntries(form.fields.map(({ id, initial }) => [id, initial])),
  );
  const [error, setError] = useState<string | null>(null);
  const formId = useId();
  useFocusOn(formId);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const act = form.read(values);
    if (!act.ok) {
      setError(act.error);
      return;
    }
    if (await actions.act(act.value)) {
      onClose();
      return;
    }
    setError(notices.getState().sentence); // said where it was typed, not behind the dialog
    actions.say(null);
  };
  return (
    <Dialog
      title={form.title}
      onClose={onClose}
      actions={
        <>
          <Button look="plain" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={formId}>
            {form.submit}
          </Button>
        </>
      }
    >
      <p className={styles.meaning}>{form.meaning}</p>
      <form id={formId} className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        {askedOf(form.fields, values).map((field) => (
          <Field
            key={field.id}
            field={field}
            values={values}
            onChange={(value) => {
              setValues({ ...values, [field.id]: value });
              setError(null);
            }}
          />
        ))}
        {error === null ? null : (
          <p className={styles.error} role="alert">
            {error}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** Begins in the first field, or on the button where nothing is asked. */
function useFocusOn(formId: string): void {
  useEffect(() => {
    const place = document.getElementById(formId);
    const first = place?.querySelector<HTMLElement>('input, select');
    (first ?? document.querySelector<HTMLElement>(`[form="${formId}"]`))?.focus();
  }, [formId]);
}

interface FieldProps {
  readonly field: ActField;
  readonly values: ActValues;
  readonly onChange: (value: string) => void;
}

function Field({ field, values, onChange }: FieldProps) {
  const { id, label, choices, unit } = field;
  const inputId = useId();
  const noteId = useId();
  const value = values[id] ?? '';
  const note = noteOf(field, values);
  const describedBy = note === '' ? undefined : noteId;
  return (
    <div className={styles.field}>
      <label htmlFor={inputId}>{label}</label>
      <span className={styles.input}>
        {choices === undefined ? (
          <input
            id={inputId}
            aria-describedby={describedBy}
            value={value}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <select
            id={inputId}
            aria-describedby={describedBy}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          >
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
          </select>
        )}
        {unit === undefined ? null : <span className="quiet">{unit(values)}</span>}
      </span>
      {note === '' ? null : (
        <p id={noteId} className={styles.note}>
          {note}
        </p>
      )}
    </div>
  );
}

/** What the choice means, and what has to be known whatever is chosen. */
function noteOf({ id, choices = [], note }: ActField, values: ActValues): string {
  const chosen = choices.find(({ value }) => value === values[id])?.meaning;
  const always = typeof note === 'function' ? note(values) : note;
  return [chosen, always].filter((words) => words !== undefined && words !== '').join(' ');
}
