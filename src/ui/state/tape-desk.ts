import type { Pace, Tape, TapeSpec } from '../../engine/api/scenario.ts';
import type { Result } from '../../engine/base/result.ts';

/** A data file as it looks before anybody says which column is the time. */
export interface TapePreview {
  readonly file: string;
  readonly columns: readonly string[];
  /** The first few rows. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number;
  /** Lines that could not be used, and the first of them in words. */
  readonly badCount: number;
  readonly badLines: readonly string[];
  /** Rows after the last that is kept. */
  readonly rowsUnread: number;
  /** Columns that look like a time, best first; may be empty. */
  readonly timeColumns: readonly string[];
}

/** What a person says about a file. */
export interface TapeChoice {
  readonly timeColumn: string;
  readonly keyColumn: string | null;
  /** What the application counts by. */
  readonly countBy: string;
  readonly pace: Pace;
}

export interface MadeTape {
  readonly tape: Tape;
  readonly spec: TapeSpec;
  /** What a person should know about it, '' for nothing. */
  readonly remark: string;
}

/** Reads files that a person brings. One file is open at a time; reading goes on outside the page's thread. */
export interface TapeDesk {
  /** The error is one plain sentence. */
  open(file: File): Promise<Result<TapePreview, string>>;
  make(choice: TapeChoice): Promise<Result<MadeTape, string>>;
}
