import { grouped } from '../../engine/api/scenario-problem.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { binarySentence } from './binary-file.ts';
import type { FileKind, Formats } from './formats.ts';
import { LineSplitter } from './line-splitter.ts';
import { RowSink, type RowReader } from './row-reader.ts';
import { TAPE_LIMITS, type TapeTable } from './tape-table.ts';

const HEAD_BYTES = 65_536;

/**
 * Reads a data file that comes in chunks of bytes. Each chunk is worked off when it is fed, so whoever feeds decides how
 * long the thread is busy. After an error further chunks are ignored.
 */
export class TapeReader {
  private readonly formats: Formats;
  private readonly decoder = new TextDecoder('utf-8');
  private readonly splitter = new LineSplitter();
  private readonly sink = new RowSink();
  /** Chunks before the format is known; then null. */
  private head: Uint8Array[] | null = [];
  private headBytes = 0;
  private bytes = 0;
  private kind: FileKind | null = null;
  private rows: RowReader | null = null;
  private error: string | null = null;

  constructor(formats: Formats) {
    this.formats = formats;
  }

  /** Returns false when there is no point in feeding more. */
  feed(chunk: Uint8Array): boolean {
    this.bytes += chunk.length;
    if (this.bytes > TAPE_LIMITS.bytesMax) this.error ??= TOO_LARGE;
    if (this.error !== null) return false;
    if (this.head === null) this.take(this.decoder.decode(chunk, { stream: true }));
    else {
      this.head.push(chunk);
      this.headBytes += chunk.length;
      if (this.headBytes >= HEAD_BYTES) this.begin(this.head);
    }
    return this.error === null;
  }

  /** What was read. The error is one sentence. */
  end(): Result<TapeTable, string> {
    if (this.error === null && this.head !== null) this.begin(this.head);
    if (this.error === null) this.take(this.decoder.decode(), true);
    const { kind, rows } = this;
    if (this.error !== null || kind === null || rows === null) return err(this.error ?? 'The file is empty.');
    const { lines, bad, rowsUnread, headerError } = this.sink;
    if (headerError !== null) return err(headerError);
    const table = {
      format: kind.format,
      columns: rows.columns(),
      rows: this.sink.rows,
      lines,
      bad,
      rowsUnread,
    };
    return table.rows.length === 0 ? err(nothingRead(table)) : ok(table);
  }

  private begin(head: readonly Uint8Array[]): void {
    this.head = null;
    const bytes = joined(head);
    this.error = this.bytes === 0 ? 'The file is empty.' : binarySentence(bytes.subarray(0, HEAD_BYTES));
    if (this.error !== null) return;
    const text = this.decoder.decode(bytes, { stream: true });
    const kind = this.formats.kindOf(text.slice(0, HEAD_BYTES));
    if (!kind.ok) {
      this.error = kind.error;
      return;
    }
    this.kind = kind.value;
    this.rows = this.formats.rowReader(kind.value, this.sink);
    this.take(text);
  }

  private take(text: string, last = false): void {
    for (const line of this.splitter.feed(text)) this.rows?.accept(line);
    if (!last) return;
    for (const line of this.splitter.end()) this.rows?.accept(line);
    this.rows?.end();
  }
}

export const TOO_LARGE = `The file has more than ${grouped(TAPE_LIMITS.bytesMax / 1_000_000)} MB, the most that is read.`;

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function nothingRead({ bad }: Pick<TapeTable, 'bad'>): string {
  const [first] = bad.examples;
  if (first === undefined) return 'The file has a header and no rows.';
  return `None of the lines could be read: line ${grouped(first.line)} ${first.why}`;
}
