// `npm run bench [-- NAME…] [--json FILE] [--jvm FOLDER]`: measures speed and size and prints a table. Rates hold for this
// machine at this moment; ratios taken in one run are what to compare. `--jvm` runs the JVM's benchmark beside ours.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './bench/index.ts';
import type { BenchRow } from './bench/bench-row.ts';

const { values, positionals: names } = options();
const jsonFile = values.json;

/** Ends the process if the arguments are wrong. */
function options() {
  try {
    const parsed = parseArgs({
      options: { json: { type: 'string' }, jvm: { type: 'string', default: process.env.JVM_BENCH } },
      allowPositionals: true,
    });
    const unknown = parsed.positionals.find((name) => !benches.has(name));
    if (unknown === undefined) return parsed;
    throw new Error(`There is no benchmark "${unknown}".`);
  } catch (error) {
    console.error(`${(error as Error).message} Benchmarks: ${[...benches.keys()].join(', ')}.`);
    process.exit(2);
  }
}

const rows: BenchRow[] = [];
for (const name of names.length > 0 ? names : benches.keys()) {
  const run = benches.get(name);
  if (run === undefined) continue;
  const found = await run({ jvm: values.jvm });
  for (const row of found) {
    rows.push(row);
    console.log(formatRow(row));
  }
}
if (jsonFile !== undefined) {
  mkdirSync(dirname(jsonFile), { recursive: true });
  writeFileSync(jsonFile, `${JSON.stringify({ node: process.version, rows }, null, 1)}\n`);
}

function formatRow({ bench, what, value, unit, target, note }: BenchRow): string {
  const number = value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  const goal = target === undefined ? '' : `   target ${target.toLocaleString('en')} ${unit}`;
  return `${bench.padEnd(12)} ${what.padEnd(46)} ${number.padStart(12)} ${unit}${goal}${note === undefined ? '' : `   (${note})`}`;
}
