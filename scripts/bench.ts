// `npm run bench [-- NAME…] [--json FILE]`: measures speed and size and prints a table. Rates hold for this machine at
// this moment; ratios taken in one run are what to compare.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { benches } from './bench/index.ts';
import type { BenchRow } from './bench/bench-row.ts';

const args = process.argv.slice(2);
const jsonAt = args.indexOf('--json');
const jsonFile = jsonAt < 0 ? undefined : args[jsonAt + 1];
const names = args.filter((arg, i) => !arg.startsWith('--') && (jsonAt < 0 || i !== jsonAt + 1));
const unknown = names.filter((name) => !benches.has(name));
if (unknown.length > 0 || (jsonAt >= 0 && jsonFile === undefined)) {
  const problem = unknown.length > 0 ? `There is no benchmark "${unknown[0]}".` : '--json needs a file name.';
  console.error(`${problem} Benchmarks: ${[...benches.keys()].join(', ')}.`);
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const name of names.length > 0 ? names : benches.keys()) {
  const run = benches.get(name);
  if (run === undefined) continue;
  const found = await run();
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
