import type {
  ApplicationEntity,
  TaskEntity,
  WindowFacts,
  WindowRow,
} from '../../engine/api/entities/application.ts';
import type { Entity, EntityId } from '../../engine/api/frame.ts';
import { clock, clockSpan, type Names } from './caption.ts';
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

/** What one task believes the time to be, and what that costs. */
export interface TaskClock {
  readonly id: EntityId;
  readonly task: string;
  readonly instance: string;
  readonly streamTime: string;
  readonly behind: string;
  readonly droppedLate: number;
  readonly entries: string;
}

/** The clocks of those tasks of an application that keep windows; each has its own, and the one ahead drops nobody else's. */
export function taskClocks(
  entities: ReadonlyMap<EntityId, Entity>,
  application: string,
  names: Names,
): readonly TaskClock[] {
  const tasks = [...entities.values()].filter(
    (entity): entity is TaskEntity => entity.kind === 'task' && entity.application === application,
  );
  const found = entities.get(`application:${application}`);
  const stateful =
    found?.kind === 'application' ? found.subtopologies.filter((s) => s.stores.length > 0) : [];
  const keeping = tasks.filter((task) => stateful.some(({ id }) => id === task.subtopology));
  const ahead = Math.max(-1, ...keeping.map((task) => task.streamTime));
  return keeping
    .sort((a, b) => a.partition - b.partition)
    .map((task) => ({
      id: task.id,
      task: task.task,
      instance: task.instance === '' ? 'nobody' : names.node(task.instance),
      streamTime: task.streamTime < 0 ? 'none yet' : instant(task.streamTime),
      behind: task.streamTime < 0 || task.streamTime === ahead ? '' : span(ahead - task.streamTime),
      droppedLate: task.droppedLate,
      entries: count(task.storeEntries),
    }));
}

/** The windows of an application, newest first; null if it has none. */
export function windowTable(application: ApplicationEntity): WindowTable | null {
  const { windows } = application;
  if (windows === null) return null;
  const inState = (state: WindowRow['state']) => windows.rows.filter((row) => row.state === state).length;
  return {
    application: application.name,
    rows: windows.rows.map((row) => windowLine(row, windows)),
    streamTime: windows.streamTime < 0 ? 'none yet' : instant(windows.streamTime),
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
    span: `${day(row.start)}, ${clockSpan(row.start, row.end)}`,
    state: row.state,
    words: WORDS[row.state],
    count: count(row.count),
    keys: count(row.keys),
    until: row.state === 'closed' ? `at stream time ${closes}` : `when stream time reaches ${closes}`,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Event time may run through days in a minute: `20 May`, UTC. */
function day(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

const instant = (ms: number): string => `${day(ms)}, ${clock(ms)}`;

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
  if (ms > 600_000) return plural(Math.round(ms / 60_000), 'minute');
  return ms % 1_000 === 0 ? `${count(ms / 1_000)} s` : `${count(ms)} ms`;
}
