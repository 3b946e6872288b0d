import { useState, type DragEvent } from 'react';
import type { Pace } from '../../engine/api/scenario.ts';
import type { Result } from '../../engine/base/result.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { useApp } from '../state/binding.ts';
import type { TapeChoice, TapeDesk, TapePreview } from '../state/tape-desk.ts';
import { count, plural } from '../view-model/number-format.ts';
import styles from './file-dialog.module.css';
import { PaceChoice } from './pace-choice.tsx';

interface FileDialogProps {
  readonly desk: TapeDesk;
  /** Begins the scenario with the chosen tape. The error is one plain sentence. */
  readonly onPlay: (choice: TapeChoice) => Promise<Result<void, string>>;
}

/** Lets a person play a file of their own: choose it, see it, say what its columns are. */
export function FileDialog({ desk, onPlay }: FileDialogProps) {
  const { layout } = useApp();
  const [preview, setPreview] = useState<TapePreview | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => layout.setState({ dialog: null });
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    setBusy(true);
    const read = await desk.open(file);
    setBusy(false);
    setError(read.ok ? null : read.error);
    setPreview(read.ok ? read.value : null);
  };
  const play = async (choice: TapeChoice) => {
    setBusy(true);
    const played = await onPlay(choice);
    setBusy(false);
    if (played.ok) close();
    else setError(played.error);
  };
  return (
    <Dialog title="Play a file of your own" wide onClose={close}>
      <FilePicker onFile={(file) => void open(file)} busy={busy} />
      {error === null ? null : (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      {preview === null ? null : (
        <Choices key={preview.file} preview={preview} busy={busy} onPlay={(choice) => void play(choice)} />
      )}
    </Dialog>
  );
}

interface FilePickerProps {
  readonly onFile: (file: File | undefined) => void;
  readonly busy: boolean;
}

function FilePicker({ onFile, busy }: FilePickerProps) {
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <label className={styles.picker} onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <span>
        {busy
          ? 'Reading …'
          : 'CSV, JSON lines or a web server’s access log. It stays in this browser and is sent nowhere.'}
      </span>
      <input
        type="file"
        accept=".csv,.tsv,.json,.jsonl,.ndjson,.log,.txt,text/*"
        aria-label="File"
        onChange={(event) => onFile(event.target.files?.[0])}
      />
    </label>
  );
}

interface ChoicesProps {
  readonly preview: TapePreview;
  readonly busy: boolean;
  readonly onPlay: (choice: TapeChoice) => void;
}

const NO_KEY = '';

/** Names of columns that say what was asked for: what most people want to count first. */
const WHAT = /^(?:path|url|uri|page|endpoint|route|resource)$/i;

const countable = (columns: readonly string[], preview: TapePreview): string | undefined =>
  columns.find((name) => WHAT.test(name)) ?? columns.filter(holds(preview))[1] ?? columns[0];

function Choices({ preview, busy, onPlay }: ChoicesProps) {
  const { columns, timeColumns } = preview;
  const [timeColumn, setTime] = useState(timeColumns[0] ?? columns[0] ?? '');
  const others = columns.filter((column) => column !== timeColumn);
  const [key, setKey] = useState(others.find(holds(preview)) ?? NO_KEY);
  const [countBy, setCountBy] = useState(countable(others, preview) ?? timeColumn);
  const [pace, setPace] = useState<Pace>({ kind: 'rate', perSecond: 250 });
  return (
    <>
      <p className={styles.summary}>
        <b>{preview.file}</b>: {plural(preview.rowCount, 'row')}, {plural(columns.length, 'column')}.
        {preview.rowsUnread > 0 ? ` ${count(preview.rowsUnread)} more are left out.` : ''}
        {timeColumns.length === 0 ? ' No column looks like a time; choose one.' : ''}
      </p>
      <PreviewTable preview={preview} timeColumn={timeColumn} keyColumn={key} />
      <BadLines preview={preview} />
      <div className={styles.choices}>
        <Column label="Event time" value={timeColumn} columns={columns} onChange={setTime} />
        <Column label="Key" value={key} columns={columns} none="no key: spread evenly" onChange={setKey} />
        <Column label="Count by" value={countBy} columns={columns} onChange={setCountBy} />
        <PaceChoice pace={pace} onChange={setPace} />
      </div>
      <div className={styles.play}>
        <span className="quiet">The scenario begins again, with this file in its producer.</span>
        <Button
          look="primary"
          icon="play"
          disabled={busy || timeColumn === ''}
          onClick={() => onPlay({ timeColumn, keyColumn: key === NO_KEY ? null : key, countBy, pace })}
        >
          Put it on stage
        </Button>
      </div>
    </>
  );
}

/** Whether a column has anything in the rows that are shown: records without a key are not counted. */
const holds =
  ({ columns, rows }: TapePreview) =>
  (column: string): boolean =>
    rows.some((row) => (row[columns.indexOf(column)] ?? '') !== '');

interface ColumnProps {
  readonly label: string;
  readonly value: string;
  readonly columns: readonly string[];
  readonly none?: string;
  readonly onChange: (column: string) => void;
}

const Column = ({ label, value, columns, none, onChange }: ColumnProps) => (
  <label>
    <span>{label}</span>
    <select value={value} onChange={(event) => onChange(event.target.value)}>
      {none === undefined ? null : <option value={NO_KEY}>{none}</option>}
      {columns.map((column) => (
        <option key={column}>{column}</option>
      ))}
    </select>
  </label>
);

interface PreviewTableProps {
  readonly preview: TapePreview;
  readonly timeColumn: string;
  readonly keyColumn: string;
}

function PreviewTable({ preview, timeColumn, keyColumn }: PreviewTableProps) {
  const mark = (column: string) => (column === timeColumn ? 'time' : column === keyColumn ? 'key' : '');
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={`First rows of ${preview.file}`}>
      <table>
        <thead>
          <tr>
            {preview.columns.map((column) => (
              <th key={column} scope="col">
                {column}
                <span>{mark(column)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, index) => (
            <tr key={index}>
              {preview.columns.map((column, place) => (
                <td key={column}>{row[place] ?? '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BadLines({ preview: { badCount, badLines } }: { readonly preview: TapePreview }) {
  if (badCount === 0) return null;
  return (
    <details className={styles.bad}>
      <summary>{plural(badCount, 'line')} could not be used and will be left out.</summary>
      <ul>
        {badLines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
