const SIGNATURES: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x1f, 0x8b], 'compressed with gzip; unpack it first'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or a spreadsheet; save the data as CSV first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with Zstandard; unpack it first'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file; save the data as CSV or JSON lines first'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0xff, 0xfe], 'text in UTF-16; save it as UTF-8 first'],
  [[0xfe, 0xff], 'text in UTF-16; save it as UTF-8 first'],
];

/** One sentence if the first bytes show that a file is no text; null otherwise. */
export function binarySentence(head: Uint8Array): string | null {
  const known = SIGNATURES.find(([bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (known !== undefined) return `The file is ${known[1]}.`;
  if (head.includes(0)) return 'The file is not text: it has NUL characters.';
  const controls = head.filter(
    (byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b,
  ).length;
  return controls * 20 > head.length ? 'The file is not text: it has many control characters.' : null;
}
