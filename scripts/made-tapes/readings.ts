import { readFileSync } from 'node:fs';
import { below, prngStream, type PrngState } from '../../src/engine/base/prng.ts';

const MINUTE = 60_000;
const MINUTES = 360;
/** Six hours of the real machine, by their place in its tape: it goes above 100 six times, for as long as it likes. */
const REAL = { file: 'public/tapes/machine-temperature-2013-12.csv', from: 11_532, rows: 72 };

/** A row: when it was read, and when it arrives. */
interface Reading {
  readonly at: number;
  readonly sent: number;
  readonly machine: string;
  readonly temperature: number;
}

/** What a made machine does in a minute; null: it says nothing. */
type Course = (minute: number) => { readonly temperature: number; readonly lateMinutes?: number } | null;

const within = (minute: number, ...spans: readonly (readonly [from: number, to: number])[]): boolean =>
  spans.some(([from, to]) => minute >= from && minute <= to);

const hotWhen = (isHot: boolean) => ({ temperature: isHot ? 88 : 64 });

/** All of them have the limit 80. */
const COURSES: Readonly<Record<string, Course>> = {
  /** Really hot, three times. */
  steady: (minute) => hotWhen(within(minute, [40, 55], [123, 130], [250, 280])),
  /** One reading that cannot be, now and then. */
  spiky: (minute) => (minute % 47 === 11 ? { temperature: 400 } : hotWhen(false)),
  /** Three minutes hot, three minutes not. */
  flapping: (minute) => hotWhen(within(minute, [60, 200]) && minute % 6 < 3),
  /** It says nothing between two hot readings. */
  silent: (minute) =>
    within(minute, [51, 69], [201, 213], [301, 330])
      ? null
      : hotWhen(within(minute, [50, 70], [200, 214], [300, 331])),
  /** The one cool reading in the middle, or the last one before, comes three minutes late. */
  straggler: (minute) => {
    const isHot = within(minute, [30, 33], [35, 38], [100, 107], [180, 183], [185, 188], [240, 247]);
    const isLate = [34, 99, 184, 239].includes(minute);
    return isLate ? { ...hotWhen(isHot), lateMinutes: 3 } : hotWhen(isHot);
  },
};

const MACHINES: readonly (readonly [machine: string, limit: number, gap: number, place: string])[] = [
  ['press', 100, 400_000, 'hall A'],
  ['steady', 80, 90_000, 'hall A'],
  ['spiky', 80, 90_000, 'hall A'],
  ['flapping', 80, 90_000, 'hall B'],
  ['silent', 80, 90_000, 'hall B'],
  ['straggler', 80, 90_000, 'hall B'],
];

/** Temperatures of six machines, in the order in which they arrive. `press` is real, in whole degrees. */
export function readingsTape(): string {
  const prng = prngStream(1, 'readings');
  const real = realReadings();
  const start = real[0]?.at ?? 0;
  const made = Object.entries(COURSES).flatMap(([machine, course]) =>
    madeReadings(prng, machine, course, start),
  );
  const rows = [...real, ...made].sort((a, b) => a.sent - b.sent || (a.machine < b.machine ? -1 : 1));
  const lines = rows.map(({ at, machine, temperature }) => [at, machine, temperature].join(','));
  return ['timestamp_ms,machine,temperature', ...lines, ''].join('\n');
}

function realReadings(): Reading[] {
  const lines = readFileSync(REAL.file, 'utf8')
    .split('\n')
    .slice(1 + REAL.from, 1 + REAL.from + REAL.rows);
  return lines.map((line) => {
    const [at = 0, temperature = 0] = line.split(',').map(Number);
    return { at, sent: at, machine: 'press', temperature: Math.round(temperature) };
  });
}

const madeReadings = (prng: PrngState, machine: string, course: Course, start: number): Reading[] =>
  Array.from({ length: MINUTES }, (_, minute) => minute).flatMap((minute) => {
    const said = course(minute);
    const [jitter, noise] = [below(prng, 9_000), below(prng, 5)];
    if (said === null) return [];
    const at = start + minute * MINUTE + jitter;
    const sent = at + (said.lateMinutes ?? 0) * MINUTE;
    return [{ at, sent, machine, temperature: said.temperature + noise }];
  });

/** What is known of each machine: its limit, and how long, in ms, it may say nothing between two readings. */
export function machinesTape(): string {
  const start = realReadings()[0]?.at ?? 0;
  const lines = MACHINES.map(([machine, limit, gap, place]) =>
    [start - MINUTE, machine, place, limit, gap].join(','),
  );
  return ['timestamp_ms,machine,place,limit,gap', ...lines, ''].join('\n');
}
