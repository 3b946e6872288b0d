import type { Cell } from './tape-table.ts';

/** How a column writes its times. */
export type TimeFormat = 'ISO 8601' | 'access log' | 'epoch s' | 'epoch ms' | 'epoch µs';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?)?$/i;
const LOG = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const NUMBER = /^\d{1,17}(?:\.\d{1,9})?$/;

/** The years 1980 to 2099, the times that a bare number is taken for, in ms. */
const EPOCH_MIN = Date.UTC(1980, 0, 1);
const EPOCH_MAX = Date.UTC(2100, 0, 1);

const READERS: Readonly<Record<TimeFormat, (text: string) => number | null>> = {
  'ISO 8601': isoTime,
  'access log': logTime,
  'epoch s': (text) => epochTime(text, 3),
  'epoch ms': (text) => epochTime(text, 0),
  'epoch µs': (text) => epochTime(text, -3),
};
const FORMATS = Object.keys(READERS) as readonly TimeFormat[];

/** Milliseconds since 1970, from 1970 on; null for what is no time of this format. A time without a zone is UTC. */
export const readTime = (format: TimeFormat, text: string): number | null => READERS[format](text.trim());

/** Values looked at to tell a column's format, and the share of them that must be times. */
const LOOKED_AT = 1_000;
const SHARE = 0.9;

/** The format of a column's times; null when it holds none. */
export function guessTimeFormat(values: Iterable<Cell>): TimeFormat | null {
  const counts = new Map<TimeFormat, number>();
  let looked = 0;
  for (const value of values) {
    if (value === null || value.trim() === '') continue;
    looked += 1;
    for (const format of FORMATS)
      if (readTime(format, value) !== null) counts.set(format, (counts.get(format) ?? 0) + 1);
    if (looked === LOOKED_AT) break;
  }
  const best = FORMATS.find((format) => (counts.get(format) ?? 0) >= Math.max(1, looked * SHARE));
  return best ?? null;
}

function isoTime(text: string): number | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = found;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const clock = { hour: Number(hour), minute: Number(minute), second: Number(second) };
  return moment({ ...date, ...clock, ms: Number(fraction.padEnd(3, '0').slice(0, 3)) }, zone);
}

function logTime(text: string): number | null {
  const found = LOG.exec(text);
  if (found === null) return null;
  const [, day, name = '', year, hour, minute, second, zone = ''] = found;
  const at = MONTHS.indexOf(name);
  if (at < 0 || at % 3 !== 0) return null;
  const date = { year: Number(year), month: at / 3 + 1, day: Number(day) };
  return moment({ ...date, hour: Number(hour), minute: Number(minute), second: Number(second), ms: 0 }, zone);
}

interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** 60 in a leap second. */
  readonly second: number;
  readonly ms: number;
}

function moment({ year, month, day, hour, minute, second, ms }: Clock, zone: string): number | null {
  if (hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offset = zoneMinutes(zone);
  if (offset === null) return null;
  const time = date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1_000 + ms;
  return time < 0 ? null : time;
}

function zoneMinutes(zone: string): number | null {
  const found = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (found === null) return 0;
  const [hours, minutes] = [Number(found[2]), Number(found[3] ?? 0)];
  return hours > 18 || minutes > 59 ? null : (found[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** `shift`: by how many digits the unit's decimal point moves to give ms. Digits, not fractions, so that it is exact. */
function epochTime(text: string, shift: number): number | null {
  if (!NUMBER.test(text)) return null;
  const [whole = '', fraction = ''] = text.split('.');
  const digits = shift < 0 ? whole.slice(0, shift) : whole + fraction.padEnd(shift, '0').slice(0, shift);
  const time = Number(digits);
  return time >= EPOCH_MIN && time < EPOCH_MAX ? time : null;
}
