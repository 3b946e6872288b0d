import { expect, test } from 'vitest';
import { readWanted } from './wanted-file.ts';
import { createTapeDesk } from './tape-desk.ts';

const ROWS = ['when,who,page', '2024-01-05T10:00:00Z,ann,/a', '2024-01-05T10:01:00Z,ben,/b'];
const file = (name: string, lines: readonly string[]): File => new File([lines.join('\n')], name);

async function made() {
  const desk = createTapeDesk();
  await desk.open(file('visits.csv', ROWS));
  const tape = desk.make({
    timeColumn: 'when',
    keyColumn: 'who',
    countBy: 'page',
    pace: { kind: 'rate', perSecond: 10 },
  });
  if (!tape.ok) throw new Error(tape.error);
  return tape.value;
}

test('the file that a run was made with gives the same tape again, whatever it is called now', async () => {
  const { tape, spec } = await made();
  expect(await readWanted(file('copy.csv', [...ROWS, '']), spec)).toEqual({
    ok: true,
    value: { tape, spec, remark: '' },
  });
});

test('another file is refused in one sentence', async () => {
  const { spec } = await made();
  const others = [...ROWS.slice(0, 2), '2024-01-05T10:01:00Z,cem,/b'];
  const refusal = async (name: string, lines: readonly string[]) => {
    const read = await readWanted(file(name, lines), spec);
    return read.ok ? null : read.error;
  };
  expect(await refusal('other.csv', others)).toBe('other.csv is not the file that the run was made with.');
  expect(await refusal('visits.csv', others)).toBe(
    'This visits.csv has other rows than the one that the run was made with.',
  );
  expect(await refusal('empty.csv', [])).toBe('The file is empty.');
});
