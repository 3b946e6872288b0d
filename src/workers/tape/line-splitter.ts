import { TAPE_LIMITS } from './tape-table.ts';

/** A line without its end; a line beyond the cap has only its beginning. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly tooLong: boolean;
}

const BEGINNING = 100;

/** Cuts a text that comes in pieces into lines (LF or CRLF). Holds at most one line of the longest length. */
export class LineSplitter {
  private rest = '';
  private number = 0;
  /** The beginning of a line whose remainder is being skipped. */
  private skipped: string | null = null;

  /** The lines that end in this piece. */
  feed(piece: string): readonly Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      this.keep(piece.slice(start, end));
      lines.push(this.finish());
      start = end + 1;
    }
    this.keep(piece.slice(start));
    return lines;
  }

  /** The last line, which has no end. */
  end(): readonly Line[] {
    return this.rest === '' && this.skipped === null ? [] : [this.finish()];
  }

  private keep(part: string): void {
    if (this.skipped !== null) return;
    this.rest += part;
    if (this.rest.length <= TAPE_LIMITS.lineMax) return;
    this.skipped = this.rest.slice(0, BEGINNING);
    this.rest = '';
  }

  private finish(): Line {
    this.number += 1;
    const { skipped, rest, number } = this;
    this.skipped = null;
    this.rest = '';
    if (skipped !== null) return { number, text: skipped, tooLong: true };
    return { number, text: rest.endsWith('\r') ? rest.slice(0, -1) : rest, tooLong: false };
  }
}
