import { readFileSync } from 'node:fs';
import { expect, describe, test } from 'vitest';
import { murmur2 } from '../../engine/base/murmur2.ts';
import { buildTape, type TapeChoice } from './build-tape.ts';
import { readTapeFile } from './read-tape-file.ts';
import { previewTape, type TapePreview } from './tape-preview.ts';
import { digestTape, TAPE_LIMITS, type TapeTable } from './tape-table.ts';
import { readTime } from './time-format.ts';

const read = (text: string | Uint8Array<ArrayBuffer>) => readTapeFile(new Blob([text]));

async function table(text: string | Uint8Array<ArrayBuffer>): Promise<TapeTable> {
  const result = await read(text);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

async function preview(text: string): Promise<TapePreview> {
  const result = previewTape(await table(text));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

async function tape(text: string, choice: Partial<TapeChoice> = {}) {
  const source = await table(text);
  const built = buildTape(source, { timeColumn: 'time', keyColumn: null, limit: 0, ...choice });
  if (!built.ok) throw new Error(built.error);
  return built.value;
}

const bundled = (name: string) => readFileSync(new URL(`../../../public/tapes/${name}`, import.meta.url));

describe('a CSV file', () => {
  test('keeps numbers as they are written, and everything else as text, in column order', async () => {
    const { tape: built } = await tape(
      'time,user,zip,n,x\n2015-05-17T10:05:03Z,u1,01234,1.50,\n2015-05-17T10:05:02Z,,9,-3,"a ""b"", c"\n',
      {
        keyColumn: 'user',
      },
    );
    expect(built).toEqual({
      count: 2,
      timestamps: [1431857103000, 1431857102000],
      keys: ['u1', null],
      values: [
        '{"row":0,"time":"2015-05-17T10:05:03Z","user":"u1","zip":"01234","n":1.50,"x":""}',
        String.raw`{"row":1,"time":"2015-05-17T10:05:02Z","user":"","zip":"9","n":-3,"x":"a \"b\", c"}`,
      ],
    });
    expect(Object.isFrozen(built.values)).toBe(true);
  });

  test('encodes text as UTF-8 bytes', async () => {
    const { tape: built } = await tape('time,näme\n2015-05-17,ö\n', { keyColumn: 'näme' });
    expect(built.keys).toEqual(['\xc3\xb6']);
    expect(built.values).toEqual(['{"row":0,"time":"2015-05-17","n\xc3\xa4me":"\xc3\xb6"}']);
  });

  test('reads a byte order mark, CRLF, semicolons, quoted line ends, blank lines and a missing last line end', async () => {
    const source = await table('\ufefftime;note\r\n2015-05-17;"two\r\nlines"\r\n\r\n2015-05-18;one');
    expect(source.columns).toEqual(['time', 'note']);
    expect(source.rows).toEqual([
      ['2015-05-17', 'two\nlines'],
      ['2015-05-18', 'one'],
    ]);
    expect(source.lines).toEqual([2, 5]);
  });

  test('counts bad lines, shows the first few, and reads on', async () => {
    const rows = Array.from({ length: 7 }, (_, i) => `2015-05-1${i},too,many`);
    const { bad, rowCount } = await preview(`time,n\n2015-05-17,1\n${rows.join('\n')}\n2015-05-18,2\n`);
    expect(rowCount).toBe(2);
    expect(bad.count).toBe(7);
    expect(bad.examples).toHaveLength(TAPE_LIMITS.badShownMax);
    expect(bad.examples[0]).toEqual({
      line: 3,
      text: '2015-05-10,too,many',
      why: 'has 3 columns where the header has 2.',
    });
  });

  test('loses only one line to a quote that never closes, and none to a quote within a cell', async () => {
    const good = Array.from({ length: 50 }, (_, i) => `2015-05-17,row ${i}`).join('\n');
    const source = await table(`time,note\n2015-05-17,"open\n${good}\n2015-05-17,5" pipe\n`);
    expect(source.rows).toHaveLength(51);
    expect(source.rows.at(-1)).toEqual(['2015-05-17', '5" pipe']);
    expect(source.bad).toMatchObject({
      count: 1,
      examples: [{ line: 2, why: 'has a double quote that is never closed.' }],
    });
  });

  test('takes a line beyond 64 KiB for a bad one', async () => {
    const source = await table(`time,note\n2015-05-17,${'x'.repeat(300_000)}\n2015-05-17,y\n`);
    expect(source.bad).toMatchObject({ count: 1, examples: [{ line: 2, why: 'is longer than 64 KiB.' }] });
    expect(source.rows).toEqual([['2015-05-17', 'y']]);
  });

  test('gives every column a name of its own', async () => {
    expect((await table('time,a,a,,\u202eb\n2015-05-17,1,2,3,4\n')).columns).toEqual([
      'time',
      'a',
      'a 2',
      'column 4',
      '\ufffdb',
    ]);
  });

  test('rows that take their key away have no value', async () => {
    const tombstones = { column: 'n', value: 'gone' };
    const text = 'time,n\n2015-05-17,gone\n2015-05-17,gone too\n';
    const { tape: built } = await tape(text, { keyColumn: 'time', tombstones });
    expect(built.values).toEqual([null, '{"row":1,"time":"2015-05-17","n":"gone too"}']);
    const absent = { column: 'm', value: 'gone' };
    await expect(tape(text, { keyColumn: 'time', tombstones: absent })).rejects.toThrow(
      'The file has no column "m" to know tombstones by.',
    );
  });

  test('skips rows without a time, and counts them', async () => {
    const rows = Array.from({ length: 20 }, () => '2015-05-17,1').join('\n');
    const { tape: built, skipped } = await tape(`time,n\n${rows}\nyesterday,2\n`, { limit: 30 });
    expect(built.count).toBe(20);
    expect(skipped).toMatchObject({
      count: 1,
      examples: [{ line: 22, text: 'yesterday', why: 'has no time in column "time".' }],
    });
    expect((await tape(`time,n\n${rows}\n`, { limit: 3 })).tape.count).toBe(3);
  });
});

describe('JSON lines', () => {
  test('keep their values, and columns come as they are seen', async () => {
    const text =
      '{"time":"2015-05-17T00:00:00Z","id":7,"at":{"x":[1]}}\n{"time":"2015-05-17T00:00:01Z","ok":true,"id":"é"}\n';
    const { tape: built } = await tape(text, { keyColumn: 'id' });
    expect(built.keys).toEqual(['7', '\xc3\xa9']);
    expect(built.values).toEqual([
      '{"row":0,"time":"2015-05-17T00:00:00Z","id":7,"at":{"x":[1]}}',
      '{"row":1,"time":"2015-05-17T00:00:01Z","id":"\xc3\xa9","ok":true}',
    ]);
    expect((await preview(text)).columns.map(({ kind }) => kind)).toEqual([
      'text',
      'json',
      'json',
      'boolean',
    ]);
  });

  test('refuse what is no object, and integers that a browser cannot keep', async () => {
    const lines = [
      '{"time":1431857103}',
      '[1]',
      '{"time":',
      '{"id":12345678901234567890}',
      `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`,
    ];
    const { bad } = await table(lines.join('\n'));
    expect(bad.examples.map(({ line, why }) => `${line} ${why}`)).toEqual([
      '2 is not a JSON object.',
      '3 is not valid JSON.',
      '4 has a number beyond 9,007,199,254,740,991, which cannot be kept exactly; write it as text.',
      '5 is nested deeper than 16 levels.',
    ]);
  });
});

describe('an access log', () => {
  const COMBINED = String.raw`83.149.9.216 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?q=\"x\" HTTP/1.0" 200 2326 "http://e.org/\\" "Mozilla/5.0"`;

  test('is read in the Common and the Combined format', async () => {
    const source = await table(
      `${COMBINED}\n::1 - - [17/May/2015:10:05:03 +0000] "\\x16\\x03" 400 -\nnonsense\n`,
    );
    expect(source.rows[0]).toEqual([
      '83.149.9.216',
      null,
      'frank',
      '10/Oct/2000:13:55:36 -0700',
      'GET',
      '/a?q="x"',
      'HTTP/1.0',
      '200',
      '2326',
      'http://e.org/\\',
      'Mozilla/5.0',
    ]);
    expect(source.rows[1]?.slice(4)).toEqual([null, String.raw`\x16\x03`, null, '400', null, null, null]);
    expect(source.bad.examples).toEqual([
      { line: 3, text: 'nonsense', why: 'is not an entry of an access log.' },
    ]);
    const built = buildTape(source, { timeColumn: 'time', keyColumn: 'host', limit: 1 });
    expect(built).toMatchObject({
      ok: true,
      value: { tape: { timestamps: [971211336000], keys: ['83.149.9.216'] } },
    });
    if (built.ok)
      expect(JSON.parse(built.value.tape.values[0] ?? '')).toMatchObject({
        status: 200,
        bytes: 2326,
        ident: null,
      });
  });
});

describe('a time', () => {
  test.each([
    ['ISO 8601', '2015-05-17T10:05:03.1239+02:00', 1431849903123],
    ['ISO 8601', '2015-05-17 10:05:03', 1431857103000],
    ['ISO 8601', '2015-05-17T10:05Z', 1431857100000],
    ['ISO 8601', '2015-02-29', null],
    ['ISO 8601', '2015-05-17T24:00:00Z', null],
    ['epoch s', '1431857103.1239', 1431857103123],
    ['epoch ms', '1431857103123', 1431857103123],
    ['epoch µs', '1431857103123999', 1431857103123],
    ['epoch s', '1431857103123', null],
    ['access log', '10/Oct/2000:13:55:36 -0700', 971211336000],
    ['access log', '10/ctN/2000:13:55:36 -0700', null],
  ] as const)('%s %s', (format, text, expected) => {
    expect(readTime(format, text)).toBe(expected);
  });
});

describe('a file that makes no sense gets one sentence', () => {
  test.each([
    ['', 'The file is empty.'],
    ['\n \n', 'The file is empty.'],
    ['just\nwords\n', 'The file has only one column; a time and something that happened then are needed.'],
    ['1,2\n3,4\n', 'The first line holds values; in a CSV file it has to name the columns.'],
    ['a,b\n', 'The file has a header and no rows.'],
    ['a,b\n1\n', 'None of the lines could be read: line 2 has 1 column where the header has 2.'],
    [
      '{\n  "a": 1\n}',
      'The file looks like one JSON document; what can be read is JSON lines, one object on each line.',
    ],
    [
      '[{"a": 1}]',
      'The file looks like one JSON document; what can be read is JSON lines, one object on each line.',
    ],
    ['time,"b\n2015-05-17,1\n', 'The header, line 1, has a double quote that is never closed.'],
    [`time,${'x'.repeat(70_000)}\n1,2\n`, 'The header, line 1, is longer than 64 KiB.'],
    ['a\0b', 'The file is not text: it has NUL characters.'],
    ['\x1f\x8b\x08', null],
    ['PK\x03\x04', 'The file is a ZIP archive or a spreadsheet; save the data as CSV first.'],
    [`a,b${',c'.repeat(200)}\n1,2\n`, 'The header, line 1, has more than 200 columns.'],
  ])('%j', async (text, sentence) => {
    const bytes = sentence === null ? Uint8Array.from([0x1f, 0x8b, 8]) : text;
    expect(await read(bytes)).toEqual({
      ok: false,
      error: sentence ?? 'The file is compressed with gzip; unpack it first.',
    });
  });

  test('too large, without a time, and without the column that is asked for', async () => {
    expect(await readTapeFile({ size: 72_000_000 } as Blob)).toEqual({
      ok: false,
      error: 'The file has more than 50 MB, the most that is read.',
    });
    const source = await table('a,b\n1,2\n');
    expect(previewTape(source)).toEqual({
      ok: false,
      error: 'No column holds times: ISO 8601, epoch seconds, ms or µs, or those of an access log are read.',
    });
    const choice = { timeColumn: 'a', keyColumn: 'c', limit: 0 };
    expect(buildTape(source, choice)).toEqual({
      ok: false,
      error: 'The file has no column "c" to take the key from.',
    });
    expect(buildTape(source, { ...choice, keyColumn: null })).toEqual({
      ok: false,
      error: 'The column "a" does not hold times: line 2 has "1" there.',
    });
  });
});

describe('the bundled tapes', () => {
  test('web requests: what is odd about them is seen', async () => {
    const source = await table(bundled('web-requests-2015-05.csv'));
    const result = previewTape(source);
    expect(result).toMatchObject({
      ok: true,
      value: {
        format: 'csv',
        timeColumn: 'timestamp_ms',
        rowCount: 10_000,
        bad: { count: 0 },
        times: { earliest: 1431857100000, latest: 1432155959000, backwards: 9_448 },
      },
    });
    const built = buildTape(source, { timeColumn: 'timestamp_ms', keyColumn: 'user', limit: 0 });
    if (!built.ok) throw new Error(built.error);
    const { keys, values } = built.value.tape;
    expect(new Set(keys).size).toBe(1_753);
    expect(values[0]).toBe(
      '{"row":0,"timestamp_ms":1431857103000,"user":"u0001","method":"GET","path":"/presentations/logstash-monitorama-2013/images/kibana-search.png","status":200,"bytes":203023}',
    );
    expect(new Set(keys.map((key) => (murmur2(key ?? '') & 0x7fffffff) % 6)).size).toBe(6);
  });

  test('machine temperature: the clock that steps back is kept', async () => {
    const source = await table(bundled('machine-temperature-2013-12.csv'));
    const result = previewTape(source);
    expect(result).toMatchObject({ ok: true, value: { rowCount: 22_695, bad: { count: 0 } } });
    if (result.ok) expect(result.value.times.backwards).toBeGreaterThan(0);
  });

  test('a digest is of the content, not of line ends', async () => {
    const text = 'time,n\n2015-05-17,1\n2015-05-18,2\n';
    const digest = digestTape(await table(text));
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(digestTape(await table(`\ufeff${text.replaceAll('\n', '\r\n')}`))).toBe(digest);
    expect(digestTape(await table(text.replace('18,2', '18,3')))).not.toBe(digest);
  });
});
