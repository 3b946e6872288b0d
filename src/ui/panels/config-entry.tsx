import { Fragment, useState, type FormEvent, type ReactNode } from 'react';
import type { CommandAct } from '../../engine/api/command.ts';
import { Button } from '../widgets/button.tsx';
import { ChangedMark } from '../widgets/changed-mark.tsx';
import { useApp, useReadableRun } from '../state/binding.ts';
import type { ConfigLine } from '../view-model/config-table.ts';
import styles from './config-entry.module.css';

interface ConfigEntryProps {
  readonly line: ConfigLine;
  readonly owner: string;
}

/** One key; the value opens for editing. */
export function ConfigEntry({ line, owner }: ConfigEntryProps) {
  const [editing, setEditing] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { actions, notices } = useApp();
  const set = async (value: string | null) => {
    const act: CommandAct = { type: 'set-config', target: line.row.target, key: line.key, value };
    if (await actions.act(act)) {
      setEditing(false);
      setError(null);
      return;
    }
    setError(notices.getState().sentence); // said where it was typed, not over the stage
    actions.say(null);
  };
  return (
    <li className={styles.entry}>
      <div className={styles.line}>
        <span className={styles.key}>{broken(line.key)}</span>
        <button
          type="button"
          className={styles.value}
          aria-expanded={editing}
          aria-label={`${line.key} is ${line.value}${line.changed ? ', changed' : ''}. Change it`}
          onClick={() => setEditing(!editing)}
        >
          {line.changed ? <ChangedMark /> : null}
          {line.value}
        </button>
      </div>
      <p className={styles.note}>
        {line.byDefault}; {line.effect.charAt(0).toLowerCase() + line.effect.slice(1)}
      </p>
      {line.pending === null ? null : <Pending line={line} owner={owner} />}
      {editing ? (
        <Editor
          line={line}
          error={error}
          onSet={(value) => void set(value)}
          onCancel={() => {
            setEditing(false);
            setError(null);
          }}
        />
      ) : null}
    </li>
  );
}

/** A key may go on in another line after a dot. */
const broken = (key: string): ReactNode =>
  key.split('.').map((part, i) =>
    i === 0 ? (
      part
    ) : (
      <Fragment key={i}>
        .<wbr />
        {part}
      </Fragment>
    ),
  );

/** A value that waits for the next start; the stop and the start are offered where it stands. */
function Pending({ line, owner }: ConfigEntryProps) {
  const { actions } = useApp();
  const status = useReadableRun((state) => {
    const node = state.model.entities.get(owner);
    return node?.kind === 'node' ? node.status : null;
  });
  return (
    <p className={styles.pending}>
      <b>{line.pending} at the next start.</b>
      {status === 'up' ? (
        <Button look="link" onClick={() => void actions.act({ type: 'shut-down', node: owner })}>
          Shut it down
        </Button>
      ) : null}
      {status === 'down' ? (
        <Button look="link" onClick={() => void actions.act({ type: 'start', node: owner })}>
          Start it
        </Button>
      ) : null}
    </p>
  );
}

interface EditorProps {
  readonly line: ConfigLine;
  /** Why the last value was refused. */
  readonly error: string | null;
  readonly onSet: (value: string | null) => void;
  readonly onCancel: () => void;
}

function Editor({ line, error, onSet, onCancel }: EditorProps) {
  const [value, setValue] = useState(line.raw);
  const { row } = line;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSet(value);
  };
  return (
    <form
      className={styles.editor}
      onSubmit={submit}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onCancel();
      }}
    >
      <label>
        <span className="visually-hidden">New value of {line.key}</span>
        {row.allowed.length > 0 ? (
          <select autoFocus value={value} onChange={(event) => setValue(event.target.value)}>
            {row.allowed.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : (
          <input
            autoFocus
            value={value}
            onChange={(event) => setValue(event.target.value)}
            spellCheck={false}
          />
        )}
        {row.unit === '' ? null : <span className="quiet">{row.unit}</span>}
      </label>
      {error === null ? null : (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <div className={styles.buttons}>
        <button type="submit" className={styles.set}>
          Set
        </button>
        {line.changed ? (
          <Button look="link" onClick={() => onSet(null)}>
            Back to default
          </Button>
        ) : null}
        <Button look="link" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <p className={styles.note}>
        {line.range === '' ? '' : `Allowed: ${line.range}. `}In force {line.when}.
      </p>
    </form>
  );
}
