import { AppendList } from '../base/append-list.ts';
import { millis, type SimDuration, type SimTime } from '../base/time.ts';

/** How long the operating system may keep a written page before it writes it back (Linux `dirty_expire_centisecs`). */
export const WRITEBACK_AGE: SimDuration = millis(30_000);
/** Grain at which the age of written pages is remembered. */
const MARK_GRAIN: SimDuration = millis(1_000);

/** A file of immutable entries. What was appended is readable at once and survives the death of the process. */
export interface DiskFile {
  readonly entries: AppendList<unknown>;
  /** Entries below this index survive a power loss. */
  flushed: number;
  /** Oldest first. */
  marks: readonly DirtyMark[];
}

/** At `at` the file had `end` entries, and nobody had flushed what came after. Immutable. */
interface DirtyMark {
  readonly at: SimTime;
  readonly end: number;
}

/** The disk of one node: appendable files and small values that are replaced as a whole (write, sync, rename). */
export interface DiskState {
  readonly files: Map<string, DiskFile>;
  readonly values: Map<string, unknown>;
  /** Parts of the disk that can be neither read nor written, by number, and since when. */
  readonly failed: Map<number, SimTime>;
}

export const emptyDisk = (): DiskState => ({ files: new Map(), values: new Map(), failed: new Map() });

/** The file of this name, made empty if there is none. */
export function openFile(disk: DiskState, name: string): DiskFile {
  let file = disk.files.get(name);
  if (file === undefined) {
    file = { entries: new AppendList(), flushed: 0, marks: [] };
    disk.files.set(name, file);
  }
  return file;
}

/** Appends an immutable entry; it is in the page cache, not yet safe from a power loss. */
export function appendEntry(file: DiskFile, entry: unknown, now: SimTime): void {
  const newest = file.marks.at(-1);
  if (newest === undefined || now - newest.at >= MARK_GRAIN) {
    file.marks = [...file.marks, Object.freeze({ at: now, end: file.entries.end })];
    settle(file, now);
  }
  file.entries.push(entry);
}

/** Counts as flushed what the operating system has written back by now. */
export function settle(file: DiskFile, now: SimTime): void {
  let old = 0;
  for (; old + 1 < file.marks.length; old++) {
    const { at, end } = file.marks[old + 1] as DirtyMark;
    if (now - at < WRITEBACK_AGE) break;
    file.flushed = Math.max(file.flushed, end);
  }
  if (old > 0) file.marks = file.marks.slice(old);
}

/** fsync: everything appended so far survives a power loss. */
export function flushFile(file: DiskFile): void {
  file.flushed = file.entries.end;
  file.marks = [];
}

/** Removes the entries from index `end` on. */
export function truncateFile(file: DiskFile, end: number): void {
  file.entries.truncate(end);
  file.flushed = Math.min(file.flushed, end);
  file.marks = file.marks.map((mark) => (mark.end <= end ? mark : Object.freeze({ at: mark.at, end })));
}

/**
 * Puts other entries in the place of those from `start` to before `end`; what follows moves. They were written aside and
 * synced before, so they are as safe as what was there.
 */
export function replaceEntries(
  file: DiskFile,
  { start, end }: { readonly start: number; readonly end: number },
  entries: readonly unknown[],
): void {
  const following: unknown[] = [];
  for (let i = end; i < file.entries.end; i++) following.push(file.entries.at(i));
  file.entries.truncate(start);
  for (const entry of entries) file.entries.push(entry);
  for (const entry of following) file.entries.push(entry);
  const moved = (index: number): number => Math.max(index, end) + start + entries.length - end;
  file.flushed = moved(file.flushed);
  file.marks = file.marks.map((mark) => Object.freeze({ at: mark.at, end: moved(mark.end) }));
}
