import type { ApplicationEntity, WindowFacts, WindowRow } from '../../engine/api/frame.ts';
import { clock, clockSpan } from './caption.ts';
import { count, plural } from './number-format.ts';

export interface WindowLine {
  readonly key: number;
  readonly span: string;
  readonly state: WindowRow['state'];
  readonly words: string;
  readonly count: string;
  readonly keys: string;
  /** What has to happen for it to close, or when it did. */
  readonly until: string;
}

export interface WindowTable {
  readonly application: string;
  readonly rows: readonly WindowLine[];
  readonly streamTime: string;
  readonly open: number;
  readonly inGrace: number;
  readonly closed: number;
  readonly hidden: number;
  readonly droppedLate: number;
  /** `one-minute windows, 30 s grace`. */
  readonly rule: string;
  readonly sizeMs: number;
  readonly graceMs: number;
}

/** The windows of an application, newest first; null if it has none. */
export function windowTable(application: ApplicationEntity): WindowTable | null {
  const { windows } = application;
  if (windows === null) return null;
  const inState = (state: WindowRow['state']) => windows.rows.filter((row) => row.state === state).length;
  return {
    application: application.name,
    rows: windows.rows.map((row) => windowLine(row, windows)),
    streamTime: windows.streamTime < 0 ? 'none yet' : clock(windows.streamTime),
    open: inState('open'),
    inGrace: inState('grace'),
    closed: windows.closed,
    hidden: windows.rowsHidden,
    droppedLate: application.droppedLate,
    rule: rule(windows),
    sizeMs: windows.sizeMs,
    graceMs: windows.graceMs,
  };
}

function windowLine(row: WindowRow, { graceMs }: WindowFacts): WindowLine {
  const closes = clock(row.end + graceMs);
  return {
    key: row.start,
    span: clockSpan(row.start, row.end),
    state: row.state,
    words: WORDS[row.state],
    count: count(row.count),
    keys: count(row.keys),
    until: row.state === 'closed' ? `at stream time ${closes}` : `when stream time passes ${closes}`,
  };
}

const WORDS: Readonly<Record<WindowRow['state'], string>> = {
  open: 'open',
  grace: 'in grace',
  closed: 'closed',
};

function rule({ sizeMs, advanceMs, graceMs }: WindowFacts): string {
  const hop = advanceMs === sizeMs ? '' : `, a new one every ${span(advanceMs)}`;
  return `windows of ${span(sizeMs)}${hop}, grace ${span(graceMs)}`;
}

function span(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return plural(ms / 60_000, 'minute');
  return ms % 1_000 === 0 ? `${count(ms / 1_000)} s` : `${count(ms)} ms`;
}
