import type { Line } from './line-splitter.ts';
import type { RowReader, RowSink } from './row-reader.ts';
import type { Cell } from './tape-table.ts';

const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`;
const ENTRY = new RegExp(
  String.raw`^(\S+) (\S+) (\S+) \[([^\]]{1,40})\] ${QUOTED} (\d{3}) (\d+|-)(?: ${QUOTED} ${QUOTED})?`,
);
const REQUEST = /^([A-Z]{1,20}) (\S.*?)(?: (HTTP\/[\d.]+))?$/;

const COLUMNS: readonly string[] =
  'host ident user time method path protocol status bytes referrer agent'.split(' ');

/** The Common and the Combined Log Format of Apache httpd and nginx, which adds referrer and agent. */
export class AccessLogRows implements RowReader {
  private readonly sink: RowSink;

  constructor(sink: RowSink) {
    this.sink = sink;
  }

  columns(): readonly string[] {
    return COLUMNS;
  }

  accept(line: Line): void {
    if (line.text.trim() === '') return;
    const cells = line.tooLong ? null : entryCells(line.text);
    if (cells !== null) this.sink.row(line.number, cells);
    else
      this.sink.bad.add(
        line.number,
        line.text,
        line.tooLong ? 'is longer than 64 KiB.' : 'is not an entry of an access log.',
      );
  }

  end(): void {
    // Nothing is held back.
  }
}

export const isAccessLogEntry = (text: string): boolean => ENTRY.test(text);

function entryCells(text: string): Cell[] | null {
  const found = ENTRY.exec(text);
  if (found === null) return null;
  const [, host = '', ident = '', user = '', time = '', request = '', status = '', bytes = ''] = found;
  const parts = REQUEST.exec(unescaped(request));
  // What is no request (scanners send such bytes) keeps its text as the path.
  const [method, path, protocol] =
    parts === null ? [null, unescaped(request), null] : [parts[1], parts[2], parts[3]];
  return [
    host,
    dash(ident),
    dash(user),
    time,
    method ?? null,
    path ?? null,
    protocol ?? null,
    status,
    dash(bytes),
  ].concat([found[8], found[9]].map((part) => (part === undefined ? null : dash(unescaped(part)))));
}

/** A dash stands for nothing. */
const dash = (text: string): Cell => (text === '-' ? null : text);

const unescaped = (text: string): string => text.replace(/\\(["\\])/g, '$1');
